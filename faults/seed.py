"""`python -m faults.seed ORDER`: one seed in a process of its own, which leaves `result.json` in its folder.

A process, so that a seed that breaks down takes nothing with it, one that is checked holds up no other, and one that is
killed leaves nothing: its servers die with it, and what it mounts is seen by it alone.
"""

import asyncio
import sys

from deploy.local.settings import local_settings
from faults.disk import mount_for_ourselves
from faults.golden import golden_of
from faults.order import Order
from faults.run import run_seed
from faults.wires import wires


def main(order: Order) -> int:
    mount_for_ourselves()
    kept = local_settings().jars.parent
    golden = golden_of(kept / "faults", _say)
    connections = wires(kept / "tools", order.folder / "wires.log", _say)
    rounds = order.terms.rounds_of(order.seed)
    asyncio.run(
        run_seed(
            order.seed,
            rounds,
            order.terms.cases,
            golden,
            order.folder,
            connections,
            _say,
            mutation=order.terms.mutation,
        )
    )
    return 0


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 -- into the log of the seed


if __name__ == "__main__":
    sys.exit(main(Order.read(sys.argv[1])))
