"""For programs that need a system: attach to the one that runs on the data folder, or start one for the duration of a block."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from deploy.local.processes.child import Child, Command
from deploy.local.processes.run import Run, read_run
from deploy.local.processes.supervisor import Died
from deploy.local.settings import ROOT, LocalSettings, local_settings

_PATIENCE = 300.0
"""Seconds that a first start may take: it fetches Kafka."""


@contextmanager
def running_system(say: Callable[[str], None], settings: LocalSettings | None = None) -> Iterator[Run]:
    """The running system, or one started here and ended with the block; raises `Died` with its log."""
    local = settings or local_settings()
    run = read_run(local)
    if run is not None and run.ready:
        say(f"using the system that runs on {local.data}")
        yield run
        return
    say("no system runs: starting one for the time of this command")
    launcher = Child(
        Command(
            name="convergence up",
            argv=(sys.executable, "-m", "convergence", "up"),
            log=local.logs / "up.log",
            environ={**os.environ, **local.given, "CONVERGENCE_DATA": str(local.data)},
            folder=ROOT,
            grace=90.0,  # services first, 40 s, then the servers that they stand on
        )
    )
    try:
        yield _until_ready(local, launcher)
    finally:
        launcher.stop()


def _until_ready(local: LocalSettings, launcher: Child) -> Run:
    deadline = time.monotonic() + _PATIENCE
    while True:
        run = read_run(local)
        if run is not None and run.ready:
            return run
        if launcher.returncode is not None or time.monotonic() > deadline:
            raise Died(f"the system did not come up:\n{launcher.said(30)}")
        time.sleep(0.1)
