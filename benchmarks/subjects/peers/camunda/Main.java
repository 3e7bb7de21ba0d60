import java.util.*;
import javax.sql.DataSource;
import org.camunda.bpm.engine.*;
import org.camunda.bpm.engine.impl.cfg.StandaloneProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.persistence.StrongUuidGenerator;
import org.camunda.bpm.engine.task.Task;

/** Camunda 7, embedded. */
public class Main implements Journey.Engine {
    private final ProcessEngine e;

    Main(DataSource database) {
        var c = new StandaloneProcessEngineConfiguration();
        c.setDataSource(database);
        c.setDatabaseSchemaUpdate("true");
        c.setIdGenerator(new StrongUuidGenerator());
        c.setJobExecutorActivate(false);
        e = c.buildProcessEngine();
        e.getRepositoryService().createDeployment().addClasspathResource("process.bpmn").addClasspathResource("route.dmn").deploy();
    }
    public void live(Map<String, Object> variables) {
        String id = e.getRuntimeService().startProcessInstanceByKey("journey", variables).getId();
        for (Task task : e.getTaskService().createTaskQuery().processInstanceId(id).list())
            e.getTaskService().complete(task.getId(), new HashMap<String, Object>(Map.of(task.getTaskDefinitionKey(), "pass")));
    }
    public long routed() { return e.getHistoryService().createHistoricVariableInstanceQuery().variableName("route").count(); }
    public static void main(String[] a) throws Exception { Journey.measure(a, Main::new); }
}
