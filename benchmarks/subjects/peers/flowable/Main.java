import java.util.*;
import javax.sql.DataSource;
import org.flowable.common.engine.impl.persistence.StrongUuidGenerator;
import org.flowable.dmn.engine.configurator.DmnEngineConfigurator;
import org.flowable.engine.*;
import org.flowable.engine.impl.cfg.StandaloneProcessEngineConfiguration;
import org.flowable.task.api.Task;

/** Flowable 7, embedded. */
public class Main implements Journey.Engine {
    private final ProcessEngine e;

    Main(DataSource database) {
        var c = new StandaloneProcessEngineConfiguration();
        c.setDataSource(database);
        c.setDatabaseSchemaUpdate("true");
        c.setIdGenerator(new StrongUuidGenerator());   // the vendor's advice for concurrency; the default id blocks need a second connection
        c.setAsyncExecutorActivate(false);
        c.addConfigurator(new DmnEngineConfigurator());
        e = c.buildProcessEngine();
        e.getRepositoryService().createDeployment().addClasspathResource("process.bpmn20.xml").addClasspathResource("route.dmn").deploy();
    }
    public void live(Map<String, Object> variables) {
        String id = e.getRuntimeService().startProcessInstanceByKey("journey", variables).getId();
        for (Task task : e.getTaskService().createTaskQuery().processInstanceId(id).list())
            e.getTaskService().complete(task.getId(), Map.of(task.getTaskDefinitionKey(), "pass"));
    }
    public long routed() { return e.getHistoryService().createHistoricVariableInstanceQuery().variableName("route").count(); }
    public static void main(String[] a) throws Exception { Journey.measure(a, Main::new); }
}
