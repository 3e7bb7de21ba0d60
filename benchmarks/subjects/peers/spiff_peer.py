"""SpiffWorkflow: an engine in memory, its state written to PostgreSQL after the start and after each of the four tasks.

`PEER_DSN=… python spiff_peer.py INSTANCES WARM_UPS`. Five durable commits an instance, one connection.
"""

import asyncio
import os
import re
import sys
import time
import uuid
from collections.abc import MutableSequence
from pathlib import Path
from typing import Any

import asyncpg
from said import Measured
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

MODEL = Path(__file__).parent / "flowable" / "process.bpmn20.xml"
ROUTE = (
    "<scriptTask id=\"route\"><script>route = 'direct' if cost &lt; 5000 else "
    "'three-quotes' if cost &lt; 50000 else 'tender'</script></scriptTask>"
)
COSTS = (900, 12_000, 80_000)
TABLE = "CREATE TABLE wf (id uuid PRIMARY KEY, state text NOT NULL)"
SAVE = "INSERT INTO wf VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET state = excluded.state"
LOAD = "SELECT state FROM wf WHERE id = $1"


def model() -> Any:
    """The same process as Flowable's; the decision table is a script, because this engine's DMN needs its own XML."""
    parser = BpmnParser()
    parser.add_bpmn_str(re.sub(r"<serviceTask.*?</serviceTask>", ROUTE, MODEL.read_text(), flags=re.DOTALL).encode())
    return parser.get_spec("journey")


async def run(db: Any, spec: Any, instances: int, latencies: MutableSequence[float]) -> None:
    """One instance after the other: the engine has no concurrency to offer in one process."""
    serializer = BpmnWorkflowSerializer()
    for number in range(instances):
        start, key = time.perf_counter(), uuid.uuid4()
        workflow = BpmnWorkflow(spec)
        workflow.task_tree.data["cost"] = COSTS[number % 3]
        workflow.do_engine_steps()
        await db.execute(SAVE, key, serializer.serialize_json(workflow))
        for _ in range(4):  # each check arrives in its own request: load, complete, save
            workflow = serializer.deserialize_json(await db.fetchval(LOAD, key))
            task = next(iter(workflow.get_tasks(state=TaskState.READY, manual=True)))
            task.data[task.task_spec.bpmn_id] = "pass"
            task.run()
            workflow.do_engine_steps()
            await db.execute(SAVE, key, serializer.serialize_json(workflow))
        assert workflow.is_completed(), workflow.data
        assert workflow.data["route"], workflow.data
        latencies.append(time.perf_counter() - start)


async def main(instances: int, warm_ups: int) -> None:
    db, spec = await asyncpg.connect(os.environ["PEER_DSN"]), model()
    await db.execute(TABLE)
    await run(db, spec, warm_ups, [])
    latencies: list[float] = []
    with Measured(latencies, instances):
        await run(db, spec, instances, latencies)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
