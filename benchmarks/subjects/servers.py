"""PostgreSQL and Kafka of a benchmark's own, in a folder that disappears with them."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from deploy.local.credentials import Credentials, new_credentials
from deploy.local.processes.child import Child, Command
from deploy.local.processes.ports import free_ports
from deploy.local.servers.databases import roles
from deploy.local.servers.kafka import Kafka
from deploy.local.servers.postgres import Postgres
from deploy.local.servers.unprivileged import temporary_folder
from deploy.local.settings import local_settings

# As durable as the product's own, with the memory of ../shared/bench so that figures compare.
POSTGRES_SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
}
PATIENCE = 120.0
"""Seconds to wait for a server or a service to be ready."""


@dataclass(frozen=True)
class Servers:
    """Where they answer, and their processes."""

    folder: Path
    postgres: str
    kafka: str
    credentials: Credentials
    postgres_pid: int
    kafka_pid: int

    def query(self, database: str, sql: str) -> list[tuple[object, ...]]:
        """All rows, as the superuser."""
        with psycopg.connect(self.postgres, dbname=database, autocommit=True) as db:
            return db.execute(sql.encode()).fetchall()

    def execute(self, database: str, *statements: str) -> None:
        """Each in a transaction of its own, as the superuser."""
        with psycopg.connect(self.postgres, dbname=database, autocommit=True) as db:
            for sql in statements:
                db.execute(sql.encode())


@contextmanager
def servers(say: Callable[[str], None]) -> Iterator[Servers]:
    """Both, ready; ended by their pids in any case."""
    folder = temporary_folder("convergence-bench-")
    credentials = new_credentials()
    postgres_port, kafka_port, controller_port = free_ports(3)
    postgres = Postgres(folder / "postgres", postgres_port, credentials.passwords["postgres"], folder / "postgres.log")
    kafka = Kafka(folder / "kafka", kafka_port, controller_port, local_settings().jars, folder / "kafka.log")
    children: list[Child] = []
    try:
        say("PostgreSQL: creating and starting it")
        postgres.prepare()
        command = postgres.command()
        options = [word for name, value in POSTGRES_SETTINGS.items() for word in ("-c", f"{name}={value}")]
        children.append(Child(replace(command, argv=(*command.argv, *options))))
        say("Kafka: creating and starting it")
        kafka.prepare(say)
        children.append(Child(kafka.command()))
        wait_for(children[0], postgres.ready)
        wait_for(children[1], kafka.ready)
        roles(postgres.address, credentials)
        yield Servers(folder, postgres.address, kafka.address, credentials, children[0].pid, children[1].pid)
    finally:
        for child in reversed(children):
            child.stop()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(child: Child, ready: Callable[[], bool]) -> None:
    """Raises `RuntimeError` with what the program said, if it ended or takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if child.returncode is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{child.command.name} is not ready:\n{child.said(40)}")
        time.sleep(0.02)


@contextmanager
def started(commands: Sequence[Command], ready: Callable[[int], bool]) -> Iterator[list[Child]]:
    """These programs, once `ready(place)` of each; ended in the opposite order."""
    children: list[Child] = []
    try:
        children.extend(map(Child, commands))
        for place, child in enumerate(children):
            wait_for(child, lambda place=place: ready(place))  # type: ignore[misc]
        yield children
    finally:
        for child in reversed(children):
            child.stop()


class Driver:
    """The load generator at the other end of two pipes. It ends when we do, because its input ends."""

    def __init__(self, script: str, errors: Path) -> None:
        self._errors = errors
        with errors.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.load.loadgen", script],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.pid = self._process.pid

    def expect(self, word: str) -> None:
        """Wait for a line; raises `RuntimeError` with what went wrong if the program ended instead."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        if line != word:
            raise RuntimeError(f"the load generator ended:\n{self._errors.read_text()[-6000:]}")

    def tell(self, load: str) -> None:
        """Give it a load; `expect("DONE")` waits for its end."""
        assert self._process.stdin is not None
        self._process.stdin.write(load + "\n")
        self._process.stdin.flush()

    def stop(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
