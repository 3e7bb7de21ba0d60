"""The services as real processes on the tests' servers."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from deploy.local.credentials import Credentials
from deploy.local.environment import site_environment
from deploy.local.processes.child import Child, Command
from deploy.local.processes.ports import free_ports
from deploy.local.servers.topics import ensure_topics
from deploy.local.settings import HOST, ROOT
from shared.contracts.catalogue import TOPICS
from shared.program.registry import SERVICES
from tests.helpers import broker
from tests.helpers.servers import Database, TestRun

_PATIENCE = 60.0


class RunningSite:
    """Start, look at, stop and restart the services. `environment` is what they are given."""

    def __init__(
        self,
        databases: Mapping[str, Database],
        kafka: str,
        credentials: Credentials,
        folder: Path,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        self.databases = databases
        self.kafka = kafka
        self.ports = dict(zip(SERVICES, free_ports(len(SERVICES)), strict=True))
        names = {service: database.name for service, database in databases.items()}
        admin = next(iter(databases.values())).admin
        self.environment = {**site_environment(admin, kafka, self.ports, credentials, names), **(extra or {})}
        self._folder = folder
        self._children: dict[str, Child] = {}

    def url(self, service: str) -> str:
        """Public base URL, without a slash at its end."""
        return f"http://{HOST}:{self.ports[service]}"

    def log(self, service: str) -> str:
        """The end of what the service wrote."""
        return self._children[service].said(200)

    def start(self, *services: str) -> None:
        """Start these (all by default) and wait until they are ready; raises `RuntimeError` with the log."""
        chosen = services or SERVICES
        for service in chosen:
            self._children[service] = Child(self._command(service))
        for service in chosen:
            self._wait(service)

    def stop(self, *services: str) -> None:
        """End these (all by default) in order."""
        for service in services or tuple(self._children):
            if child := self._children.pop(service, None):
                child.stop()

    def _command(self, service: str) -> Command:
        return Command(
            name=service,
            argv=(sys.executable, "-m", f"services.{service}"),
            log=self._folder / f"{service}.log",
            environ=self.environment | _inherited(),
            folder=ROOT,
        )

    def _wait(self, service: str) -> None:
        child, deadline = self._children[service], time.monotonic() + _PATIENCE
        while not answers(f"{self.url(service)}/health/ready"):
            if child.returncode is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{service} is not ready:\n{child.said(60)}")
            time.sleep(0.05)


@contextmanager
def fresh_site(
    run: TestRun, kafka: str, create_database: Callable[[str], Database], folder: Path
) -> Iterator[RunningSite]:
    """The services on fresh databases and empty topics, ready to serve; ended in the end."""
    broker.run_apart(broker.wipe(kafka))
    broker.run_apart(ensure_topics(kafka, TOPICS))
    running = RunningSite({service: create_database(service) for service in SERVICES}, kafka, run.credentials, folder)
    try:
        running.start()
        yield running
    finally:
        running.stop()


def answers(url: str) -> bool:
    """Whether this address answers 200."""
    try:
        return httpx.get(url, timeout=2.0).status_code == 200
    except httpx.TransportError:
        return False


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("CONVERGENCE_")}
