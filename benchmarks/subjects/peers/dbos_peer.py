"""DBOS: a workflow of a submit step, four `recv` of a check's result, and a decision step; the driver sends the four.

`PEER_DSN=… python dbos_peer.py INSTANCES WARM_UPS AT_ONCE`. One process, default settings but for logs and admin server.
"""

import asyncio
import os
import sys
import time

from dbos import DBOS
from said import Measured

COSTS = (900, 12_000, 80_000)
CHECKS = ("functional", "infrastructure", "skills", "security")
DBOS(
    config={
        "name": "bench",
        "system_database_url": os.environ["PEER_DSN"],
        "log_level": "ERROR",
        "run_admin_server": False,
    }
)


@DBOS.step()
async def submit(cost: int) -> dict[str, int]:
    return {"cost": cost}


@DBOS.step()
async def decide(passed: bool, cost: int) -> str:
    return "rejected" if not passed else "direct" if cost < 5000 else "three-quotes" if cost < 50000 else "tender"


@DBOS.workflow()
async def journey(cost: int) -> str:
    case, passed = await submit(cost), True
    for check in CHECKS:
        passed &= await DBOS.recv_async(check, timeout_seconds=60) == "pass"
    return await decide(passed, case["cost"])


async def one(number: int) -> float:
    """Seconds that it took."""
    start = time.perf_counter()
    handle = await DBOS.start_workflow_async(journey, COSTS[number % 3])
    for check in CHECKS:
        await DBOS.send_async(handle.workflow_id, "pass", check)
    assert await handle.get_result() in ("direct", "three-quotes", "tender")
    return time.perf_counter() - start


async def run(instances: int, at_once: int, latencies: list[float]) -> None:
    todo = iter(range(instances))

    async def worker() -> None:
        for number in todo:
            took = await one(number)
            latencies.append(took)

    await asyncio.gather(*[worker() for _ in range(at_once)])


async def main(instances: int, warm_ups: int, at_once: int) -> None:
    DBOS.launch()
    await run(warm_ups, at_once, [])
    latencies: list[float] = []
    with Measured(latencies, instances):
        await run(instances, at_once, latencies)


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:4])))
    sys.stdout.flush()
    os._exit(0)  # its background threads wait for ever
