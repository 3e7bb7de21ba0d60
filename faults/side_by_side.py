"""Seeds beside each other, each in a process of its own; none is left when the campaign ends, however it ends."""

import json
import shutil
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from deploy.local.processes.child import Child, Command
from deploy.local.settings import ROOT
from faults.order import Order, Terms
from faults.result import Result

AT_MOST = 900.0
"""Seconds after which a seed hangs; one takes about a minute."""
LOOK = 0.1


@dataclass(frozen=True, slots=True)
class _Running:
    order: Order
    child: Child
    began: float

    def result(self) -> Result | None:
        """Its result once it ended; a breakdown where it left none."""
        late = time.monotonic() - self.began > AT_MOST
        if late:
            self.child.stop()
        if self.child.returncode is None:
            return None
        self.child.stop()
        file = self.order.folder / "result.json"
        if file.exists():
            return Result.from_data(json.loads(file.read_text()))
        why = f"it did not end within {AT_MOST:.0f} s" if late else f"its process ended with {self.child.returncode}"
        crash = f"{why}; it said last:\n{self.child.said(15)}"
        return Result(self.order.seed, self.order.terms.cases, crash=crash)


def side_by_side(
    seeds: Iterable[int], terms: Terms, folder: Path, jobs: int, until: float, say: Callable[[str], None]
) -> Generator[tuple[Result, Path]]:
    """Results as they come, each with its folder. No seed begins after `until` (monotonic)."""
    waiting, running = deque(seeds), list[_Running]()
    try:
        while running or (waiting and time.monotonic() < until):
            while waiting and len(running) < jobs and time.monotonic() < until:
                running.append(_begin(waiting.popleft(), terms, folder, say))
            for one in tuple(running):
                result = one.result()
                if result is not None:
                    running.remove(one)
                    yield result, one.order.folder
            time.sleep(LOOK)
    finally:
        _end(running, say)


def _begin(seed: int, terms: Terms, folder: Path, say: Callable[[str], None]) -> _Running:
    own = Path(mkdtemp(prefix=f"seed-{seed}-", dir=folder))
    own.chmod(0o711)
    order = Order(seed, terms, own)
    faults = [strike.fault.value for one in terms.rounds_of(seed) for strike in one]
    say(f"seed {seed}: {terms.cases} cases, {', '.join(faults)}")
    argv = (sys.executable, "-m", "faults.seed", order.text())
    log, gently = own / "seed.log", signal.SIGINT
    child = Child(Command(name=f"seed {seed}", argv=argv, log=log, folder=ROOT, stop=gently, grace=60.0))
    return _Running(order, child, time.monotonic())


def _end(running: list[_Running], say: Callable[[str], None]) -> None:
    """End the seeds in order, uninterruptibly: servers, wires and mounts go with them."""
    if not running:
        return
    say(f"ending the seeds under way: {', '.join(str(one.order.seed) for one in running)}")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    for one in running:
        one.child.terminate()
    for one in running:
        one.child.stop()
        shutil.rmtree(one.order.folder, ignore_errors=True)
