"""What a running local system says about itself in `run.json` of its data folder: pids and addresses, no secrets."""

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from deploy.local.settings import LocalSettings, Misconfigured


@dataclass(frozen=True)
class Process:
    """A process by pid and start time, so that a reused pid is not mistaken for it."""

    pid: int
    created: float

    @classmethod
    def of(cls, pid: int) -> "Process | None":
        """None where it is gone already."""
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return None

    def find(self) -> psutil.Process | None:
        """The process, if it still runs."""
        with suppress(psutil.NoSuchProcess):
            found = psutil.Process(self.pid)
            if abs(found.create_time() - self.created) < 1 and found.status() != psutil.STATUS_ZOMBIE:
                return found
        return None


@dataclass(frozen=True)
class Run:
    """A system that is up or on its way. `processes`: each service, postgres, kafka, launcher."""

    ready: bool
    data: str
    postgres: str
    kafka: str
    urls: Mapping[str, str]
    processes: Mapping[str, Process] = field(default_factory=dict)

    def write(self, file: Path) -> None:
        """Write atomically."""
        half = file.with_suffix(".new")
        half.write_text(json.dumps(asdict(self), indent=2) + "\n")
        half.rename(file)


def read_run(settings: LocalSettings) -> Run | None:
    """The system that runs on this data folder; none where its launcher is gone."""
    run = _read(settings.run_file)
    if run is None or (launcher := run.processes.get("launcher")) is None or launcher.find() is None:
        return None
    return run


@contextmanager
def only_one(settings: LocalSettings) -> Iterator[None]:
    """Lock the data folder. Raises `Misconfigured` when another system runs on it; clears what a killed one left."""
    settings.data.mkdir(parents=True, exist_ok=True)
    with settings.lock_file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Misconfigured(_already(settings)) from None
        _clear(settings)
        try:
            yield
        finally:
            settings.run_file.unlink(missing_ok=True)


def _already(settings: LocalSettings) -> str:
    run = _read(settings.run_file)
    launcher = run.processes.get("launcher") if run else None
    who = f" (pid {launcher.pid})" if launcher else ""
    return (
        f"a system already runs on {settings.data}{who}: use it, end it with Ctrl-C, or start another one "
        "with CONVERGENCE_DATA and other ports"
    )


def _clear(settings: LocalSettings) -> None:
    """Wait for the processes of a launcher that was killed: the kernel signalled them, some may still be ending."""
    run = _read(settings.run_file)
    if run is None:
        return
    deadline = time.monotonic() + 15
    left = [found for process in run.processes.values() if (found := process.find())]
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = [found for found in left if found.is_running() and found.pid != os.getpid()]
    for found in left:
        with suppress(psutil.NoSuchProcess):
            found.kill()
    psutil.wait_procs(left, timeout=5)


def _read(file: Path) -> Run | None:
    try:
        found = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return None
    processes = {name: Process(**process) for name, process in found.pop("processes").items()}
    return Run(**found, processes=processes)
