# ruff: noqa: T201 -- a program that talks to the person who started it
"""`python -m faults`: run seeds, say what broke, and what struck how often.

Exit status: 1 where the checker objects, 3 where only a run itself broke down, 130 after Ctrl-C, 2 for wrong arguments.
"""

import argparse
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

from deploy.local.servers.unprivileged import temporary_folder
from deploy.local.settings import local_settings
from faults.golden import golden_of
from faults.kept import Kept, OtherCampaign
from faults.mutations import MUTATIONS
from faults.order import Terms
from faults.plan import WHAT, Fault
from faults.report import summary, verdict
from faults.result import Result
from faults.side_by_side import side_by_side
from faults.version import code, commit
from faults.wires import Relays, Toxiproxy, toxiproxy

OBJECTED, WRONG, BROKE, INTERRUPTED = 1, 2, 3, 130


def main() -> int:
    asked = _arguments()
    if asked.list:
        print(*(f"{fault:<20} {what}" for fault, what in WHAT.items()), sep="\n")
        print(*(f"mutation {name:<22} {mutation.what}" for name, mutation in MUTATIONS.items()), sep="\n")
        return 0
    for number in (signal.SIGINT, signal.SIGTERM):
        # Ended in order; a program that was started in the background would not hear of Ctrl-C.
        signal.signal(number, signal.default_int_handler)
    terms = Terms(asked.cases, asked.rounds, tuple(asked.only), asked.mutation)
    folder = Path(asked.folder).resolve() if asked.folder else temporary_folder("convergence-faults-")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        kept = Kept(Path(asked.keep_results or folder / "results").resolve(), terms, code(), commit())
    except OtherCampaign as other:
        print(other, file=sys.stderr)
        if not asked.folder:
            shutil.rmtree(folder)
        return WRONG
    began, interrupted = time.monotonic(), False
    try:
        _run(asked, terms, kept, folder)
    except KeyboardInterrupt:
        interrupted = True
    return _end(asked, kept, folder, time.monotonic() - began, interrupted)


def _run(asked: argparse.Namespace, terms: Terms, kept: Kept, folder: Path) -> None:
    before = {result.seed for result in kept.finished()}
    left = [seed for seed in asked.seeds if seed not in before]
    if len(left) < len(asked.seeds):
        _say(f"{len(asked.seeds) - len(left)} seeds are finished in {asked.keep_results}")
    _prepare()
    until = time.monotonic() + asked.minutes * 60
    with closing(side_by_side(left, terms, folder, asked.jobs, until, _say)) as results:
        for result, own in results:
            result.commit = commit()
            kept.add(result)
            for strike in result.strikes:
                _say(f"  seed {result.seed}: {strike}")
            print(verdict(result, terms), flush=True)
            if result.good and not asked.keep:
                shutil.rmtree(own)


def _prepare() -> None:
    """Once for all seeds: servers to copy, and toxiproxy."""
    base = local_settings().jars.parent
    golden_of(base / "faults", _say)
    _say(f"wires by {(Relays if toxiproxy(base / 'tools', _say) is None else Toxiproxy).name}")


def _end(asked: argparse.Namespace, kept: Kept, folder: Path, took: float, interrupted: bool) -> int:
    finished = [result for result in kept.finished() if result.seed in asked.seeds]
    broken = [result for result in kept.broken() if result.seed in asked.seeds]
    seen = {result.seed for result in (*finished, *broken)}
    text = summary(finished, broken, [seed for seed in asked.seeds if seed not in seen], took)
    print(text, flush=True)
    if asked.keep_results:
        (Path(asked.keep_results) / "report.txt").write_text(text.lstrip() + "\n")
    status = _status(finished, broken, interrupted)
    if status in (OBJECTED, BROKE):
        print(f"the folders of the failing seeds are kept in {folder}")
    elif not asked.folder and not asked.keep:
        shutil.rmtree(folder)
    return status


def _status(finished: Sequence[Result], broken: Sequence[Result], interrupted: bool) -> int:
    judged = {result.seed for result in finished}
    if any(result.objections for result in finished):
        return OBJECTED
    if any(result.seed not in judged for result in broken):
        return BROKE
    return INTERRUPTED if interrupted else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make faults", description="Seeded faults on the real system, then a checker."
    )
    several = parser.add_mutually_exclusive_group()
    several.add_argument("--seeds", type=_numbers, default=list(range(1, 6)), help="1-200, or 3,7,12 (default 1-5)")
    several.add_argument("--seed", dest="seeds", type=_numbers, help="replay one")
    parser.add_argument("--cases", type=int, default=1000, help="cases in each run, at least (default 1000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of strikes in each run (default 5)")
    parser.add_argument("--jobs", type=int, default=1, help="runs side by side (default 1; 2 suit two cores)")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no seed after this time")
    parser.add_argument(
        "--keep-results", metavar="FOLDER", help="keep each result; a campaign goes on where it stopped"
    )
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
    with suppress(BrokenPipeError):
        print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
