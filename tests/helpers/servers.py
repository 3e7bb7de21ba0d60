"""A real PostgreSQL and a real Kafka for the tests, started when first asked for: one pair per run, a Kafka per worker.

Where they come from, in this order:
1. `CONVERGENCE_TEST_POSTGRES` (superuser DSN), `CONVERGENCE_TEST_KAFKA` (bootstrap): servers for tests only;
2. testcontainers, where a Docker engine answers and has the images: `CONVERGENCE_TEST_POSTGRES_IMAGE` (`postgres:18`),
   `CONVERGENCE_TEST_KAFKA_IMAGE` (`apache/kafka:4.1.0`); nothing is pulled, `CONVERGENCE_TEST_DOCKER=no` turns it off;
3. the embedded ones of `deploy/local`, in a temporary folder, on free ports.

Fixtures (tests/conftest.py):
    postgres_server -> str                       superuser DSN
    kafka_server -> str                          bootstrap servers, the worker's own broker
    credentials -> Credentials                   passwords of the roles on that server
    create_database(service) -> Database         fresh and migrated, in tens of milliseconds; dropped with the run
    request_database / review_database / purchasing_database -> Database      one per test
    topic_prefix -> str                          unique per test, for tests that make their own topics
    create_topics(*names, partitions=1)          own topics, e.g. f"{topic_prefix}.orders"
    catalogue_topics -> str                      bootstrap; the catalogue's topics exist, EMPTY, and no consumer group
    site -> RunningSite                          per module: the services, ready, on fresh databases and topics
    live_system -> LiveSystem                    per module: a `convergence up` of its own, whose parts may be killed
`Database`: .service .name, and its DSN as .app (the service's role), .owner, .admin (the superuser).
`RunningSite`: see tests/helpers/site.py. `LiveSystem`: see tests/helpers/system.py.
"""

import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.local.credentials import Credentials, kept_credentials
from deploy.local.servers.databases import copy_database, create_database, database_of, drop_database, roles
from deploy.local.servers.migrations import migrate
from deploy.local.servers.unprivileged import temporary_folder
from deploy.local.settings import ROOT

RUN_VARIABLE = "CONVERGENCE_TEST_RUN"
_PATIENCE = 240.0
"""Seconds to wait for a server; the first run of a checkout fetches Kafka."""


@dataclass(frozen=True)
class Server:
    """Where a server answers, and what it is, for the report at the end."""

    address: str
    source: str


@dataclass(frozen=True)
class Database:
    """One database of one service, migrated, with a DSN for each role."""

    service: str
    name: str
    app: str
    owner: str
    admin: str


class TestRun:
    """What the processes of one test run share: a folder with a lock, addresses and passwords."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def begin(cls) -> "TestRun":
        """The run of this pytest process, or the one that its xdist controller began."""
        known = os.environ.get(RUN_VARIABLE)
        if known:
            return cls(Path(known))
        run = cls(temporary_folder("convergence-tests-"))
        kept_credentials(run.folder)
        (run.folder / "owner").write_text(str(os.getpid()))
        os.environ[RUN_VARIABLE] = str(run.folder)
        return run

    @property
    def credentials(self) -> Credentials:
        return kept_credentials(self.folder)

    @property
    def name(self) -> str:
        """Short and unique: part of the names that this run gives to things on shared servers."""
        return self.folder.name.rpartition("-")[2].replace("_", "").lower()

    def server(self, kind: str, instance: str = "") -> Server:
        """The address of a server, started by the first who asks; raises `RuntimeError` with its log if it fails."""
        file = self.folder / f"{kind}{instance}.json"
        with self._lock(f"{kind}{instance}"):
            if not file.exists():
                given = os.environ.get(f"CONVERGENCE_TEST_{kind.upper()}")
                if given:
                    _write(file, {"address": given, "source": f"CONVERGENCE_TEST_{kind.upper()}"})
                else:
                    self._start_keeper(kind, file)
                if kind == "postgres":
                    roles(self._read(file).address, self.credentials)
        return self._read(file)

    def database(self, service: str) -> Database:
        """A fresh, migrated database."""
        admin = self.server("postgres").address
        template = f"template_{service}_{self.name}"
        with self._lock(f"template-{service}"):
            done = self.folder / f"{template}.done"
            if not done.exists():
                create_database(admin, service, template)
                migrate(service, admin, template, self.credentials)
                done.touch()
            name = f"{service}_{self.name}_{secrets.token_hex(4)}"
            copy_database(admin, service, template, name)
        return Database(
            service=service,
            name=name,
            app=self.credentials.dsn(admin, f"{service}_app", name),
            owner=self.credentials.dsn(admin, f"{service}_owner", name),
            admin=database_of(admin, name),
        )

    def sources(self) -> list[str]:
        """One line per server that this run used."""
        used = {file.stem: json.loads(file.read_text()) for file in sorted(self.folder.glob("*.json"))}
        return [f"{name}: {found['source']}" for name, found in used.items() if "source" in found]

    def end(self) -> None:
        """Drop what was made on a given server, end the keepers by their pids, remove the folder."""
        self._drop_databases()
        keepers = [json.loads(file.read_text())["keeper"] for file in self.folder.glob("*.keeper")]
        for pid in keepers:
            if psutil.pid_exists(pid):
                os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 40
        while any(alive(pid) for pid in keepers) and time.monotonic() < deadline:
            time.sleep(0.05)
        shutil.rmtree(self.folder)
        os.environ.pop(RUN_VARIABLE, None)

    def _drop_databases(self) -> None:
        given = os.environ.get("CONVERGENCE_TEST_POSTGRES")
        if given is None:
            return
        import psycopg

        with psycopg.connect(given) as db:
            names = [name for (name,) in db.execute("SELECT datname FROM pg_database")]
        for name in names:
            if f"_{self.name}" in name:
                drop_database(given, name)

    def _start_keeper(self, kind: str, file: Path) -> None:
        log = file.with_suffix(".log")
        owner = (self.folder / "owner").read_text()
        with log.open("wb") as out:
            keeper = subprocess.Popen(
                [sys.executable, "-m", "tests.helpers.keeper", kind, str(file), owner],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _write(file.with_suffix(".keeper"), {"keeper": keeper.pid})
        deadline = time.monotonic() + _PATIENCE
        while not file.exists():
            if keeper.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"no {kind} for the tests:\n{log.read_text()[-4000:]}")
            time.sleep(0.02)

    def _read(self, file: Path) -> Server:
        found = json.loads(file.read_text())
        return Server(found["address"], found["source"])

    @contextmanager
    def _lock(self, name: str) -> Iterator[None]:
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _write(file: Path, content: dict[str, object]) -> None:
    half = file.with_name(file.name + ".new")
    half.write_text(json.dumps(content))
    half.rename(file)


def alive(pid: int) -> bool:
    """Whether a process still runs; a dead one that nobody waited for does not count."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
