"""A whole `convergence up` of its own, for tests that kill its parts: the launcher must bring them back."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from deploy.local.attach import running_system
from deploy.local.environment import local_environment
from deploy.local.processes.ports import free_port_variables
from deploy.local.processes.run import Process, read_run
from deploy.local.settings import LocalSettings, local_settings


class LiveSystem:
    """Its addresses, and the way to kill its parts: each service, postgres, kafka, launcher."""

    def __init__(self, settings: LocalSettings) -> None:
        self.settings = settings
        self.environment = local_environment(settings)
        """What the services are given: DSNs, Kafka, the session secret, public URLs."""

    def url(self, service: str) -> str:
        """Public base URL, without a slash at its end."""
        return self.environment[f"CONVERGENCE_{service.upper()}_URL"]

    def process(self, part: str) -> Process:
        """The part as it runs now; another one after it was brought back."""
        run = read_run(self.settings)
        if run is None:
            raise RuntimeError("the system is gone")
        return run.processes[part]

    def kill(self, part: str) -> Process:
        """`kill -9`; answers what was killed, once it is dead."""
        process = self.process(part)
        found = process.find()
        if found is not None:
            os.kill(found.pid, signal.SIGKILL)
            psutil.wait_procs([found], timeout=10)
        return process

    def is_back(self, part: str, killed: Process) -> bool:
        """Whether another process has taken its place (which may not be ready yet: ask it)."""
        run = read_run(self.settings)
        now = run.processes.get(part) if run else None
        return now is not None and now != killed and now.find() is not None


@contextmanager
def live_system(folder: Path) -> Iterator[LiveSystem]:
    """A system with its data in `folder`, on free ports, ready; ended with the block, no process left."""
    settings = local_settings(
        {
            "CONVERGENCE_DATA": str(folder),
            "CONVERGENCE_JARS": str(local_settings().jars),
            **free_port_variables(),
        }
    )
    with running_system(lambda _: None, settings):
        yield LiveSystem(settings)
