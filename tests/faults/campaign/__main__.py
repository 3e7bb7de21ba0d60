# ruff: noqa: T201 -- a program that talks to the person who started it
"""`python -m tests.faults.campaign`: run seeds, say what broke, and what struck how often; exit 1 where the checker objects."""

import argparse
import asyncio
import shutil
import signal
import sys
import time
from pathlib import Path
from tempfile import mkdtemp

from deploy.local.settings import local_settings, temporary_folder
from tests.faults.campaign.golden import Golden, golden_of
from tests.faults.campaign.mutations import MUTATIONS
from tests.faults.campaign.plan import WHAT, Fault, plan
from tests.faults.campaign.report import summary, verdict
from tests.faults.campaign.run import Result, run_seed
from tests.faults.campaign.wires import wires


def main() -> int:
    asked = _arguments()
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # ended in order, like by Ctrl-C: no process, no mount is left
    if asked.list:
        print(*(f"{fault:<20} {what}" for fault, what in WHAT.items()), sep="\n")
        print(*(f"mutation {name:<22} {mutation.what}" for name, mutation in MUTATIONS.items()), sep="\n")
        return 0
    folder = Path(asked.folder).resolve() if asked.folder else temporary_folder("convergence-faults-")
    folder.mkdir(parents=True, exist_ok=True)
    golden = golden_of(local_settings().jars.parent / "faults", _say)
    began = time.monotonic()
    results = asyncio.run(_seeds(asked, golden, folder))
    print(summary(results, time.monotonic() - began))
    if all(result.good for result in results):
        if not asked.folder and not asked.keep:
            shutil.rmtree(folder)
        return 0
    print(f"the folders of the failing seeds are kept in {folder}")
    return 1


async def _seeds(asked: argparse.Namespace, golden: Golden, folder: Path) -> list[Result]:
    """`--jobs` of them side by side."""
    room, results = asyncio.Semaphore(asked.jobs), []

    async def one(seed: int) -> None:
        async with room:
            own = Path(mkdtemp(prefix=f"seed-{seed}-", dir=folder))
            rounds = plan(seed, asked.rounds, tuple(asked.only))
            connections = wires(local_settings().jars.parent / "tools", own / "wires.log", _say)
            _say(f"seed {seed}: {asked.cases} cases, {sum(map(len, rounds))} strikes, wires by {connections.name}")
            try:
                result = await run_seed(
                    seed, rounds, asked.cases, golden, own, connections, _say, mutation=asked.mutation
                )
            except Exception as error:  # noqa: BLE001 -- one seed that breaks down must not hide the others
                result = Result(seed, asked.cases, crash=f"{type(error).__name__}: {error}")
            results.append(result)
            print(verdict(result), flush=True)
            if result.good and not asked.keep:
                shutil.rmtree(own)

    async with asyncio.TaskGroup() as group:
        for seed in asked.seeds:
            group.create_task(one(seed))
    return sorted(results, key=lambda result: result.seed)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    several = parser.add_mutually_exclusive_group()
    several.add_argument("--seeds", type=_numbers, default=list(range(1, 6)), help="1-200, or 3,7,12 (default 1-5)")
    several.add_argument("--seed", dest="seeds", type=_numbers, help="replay one")
    parser.add_argument("--cases", type=int, default=300, help="cases in each run (default 300)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of strikes in each run (default 5)")
    parser.add_argument("--jobs", type=int, default=1, help="runs side by side (default 1)")
    parser.add_argument("--only", type=Fault, nargs="+", default=[], help="only these faults (see --list)")
    parser.add_argument("--mutation", choices=MUTATIONS, default="", help="put a mistake back: the checker must object")
    parser.add_argument("--folder", help="where runs are kept (default: a temporary folder, kept when a seed fails)")
    parser.add_argument("--keep", action="store_true", help="keep the folders of good seeds too")
    parser.add_argument("--list", action="store_true", help="show the faults and the mutations, and end")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
