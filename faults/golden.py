"""The state that every run starts from, made once a campaign: migrated databases, and a Kafka with its topics."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, sleep

from deploy.local.credentials import Credentials, kept_credentials
from deploy.local.processes.child import Child
from deploy.local.processes.ports import free_ports
from deploy.local.servers.databases import provision
from deploy.local.servers.kafka import Kafka
from deploy.local.servers.migrations import migrate
from deploy.local.servers.postgres import Postgres
from deploy.local.servers.topics import ensure_topics
from deploy.local.servers.unprivileged import forget_data
from deploy.local.settings import ROOT, local_settings
from shared.contracts.catalogue import TOPICS
from shared.program.registry import SERVICES

PATIENCE = 90.0


@dataclass(frozen=True)
class Golden:
    """Folders to copy: `postgres` and `kafka`, and the passwords that go with them."""

    folder: Path
    credentials: Credentials

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def kafka(self) -> Path:
        return self.folder / "kafka"


def golden_of(kept: Path, say: Callable[[str], None]) -> Golden:
    """The golden folders for the code as it is, made on first use and kept below `kept`."""
    folder = kept / _digest()
    if not folder.exists():
        half = Path(mkdtemp(prefix="half-", dir=_passable(kept)))
        half.chmod(0o711)
        _make(half, say)
        try:
            half.rename(folder)
        except OSError:  # another campaign was faster
            forget_data(half / "postgres")
            shutil.rmtree(half)
    return Golden(folder, kept_credentials(folder))


def _digest() -> str:
    """What the folders are made from: any change of these makes other ones."""
    patterns = (
        "shared/database/migrations/*.sql",
        "services/*/migrations/*.sql",
        "deploy/local/**/*.py",
        "shared/contracts/catalogue.py",
        "shared/program/registry.py",
    )
    made_from = sorted(path for pattern in patterns for path in ROOT.glob(pattern))
    return sha256(b"".join(path.read_bytes() for path in made_from)).hexdigest()[:16]


def _passable(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    return folder


def _make(folder: Path, say: Callable[[str], None]) -> None:
    """Start both servers, give them what the services need, stop them."""
    credentials = kept_credentials(folder)
    golden = Golden(folder, credentials)
    say("preparing a PostgreSQL and a Kafka to copy for each seed")
    with postgres_at(golden.postgres, credentials, folder / "postgres.log") as server:
        provision(server.address, credentials)
        for service in SERVICES:
            migrate(service, server.address, service, credentials)
    port, controller_port = free_ports(2)
    broker = Kafka(golden.kafka, port, controller_port, local_settings().jars, folder / "kafka.log")
    broker.prepare(say)
    with _up(Child(broker.command()), broker.ready):
        asyncio.run(ensure_topics(broker.address, TOPICS))


@contextmanager
def postgres_at(folder: Path, credentials: Credentials, log: Path) -> Iterator[Postgres]:
    """A PostgreSQL that runs on this folder for the time of the block."""
    server = Postgres(folder, free_ports(1)[0], credentials.passwords["postgres"], log)
    server.prepare()
    with _up(Child(server.command()), server.ready):
        yield server


@contextmanager
def _up(child: Child, ready: Callable[[], bool]) -> Iterator[None]:
    deadline = monotonic() + PATIENCE
    try:
        while not ready():
            if child.returncode is not None or monotonic() > deadline:
                raise RuntimeError(f"{child.command.name} did not come up:\n{child.said(30)}")
            sleep(0.05)
        yield
    finally:
        child.stop()
