"""The system under the campaign: its own PostgreSQL and Kafka behind wires, and the services, each a process.

What should run and does not is restarted, as an orchestrator would do.
"""

import asyncio
import os
import signal
import struct
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any

import asyncpg
import psutil

from deploy.local.environment import site_environment
from deploy.local.processes.child import Child, Command
from deploy.local.servers.databases import database_of
from deploy.local.servers.kafka import Kafka
from deploy.local.servers.postgres import Postgres
from deploy.local.settings import HOST, ROOT, local_settings
from faults.disk import Disk
from faults.golden import Golden
from faults.http import Http, NoAnswer
from faults.ports import lasting_ports
from faults.wires import Wires
from shared.program.registry import SERVICES

LAUNCHER = Path(__file__).with_name("launcher.py")
PATIENCE = 60.0
POOL_SIZE = "4"
"""Connections of a service: few, so that holding them all up takes little."""


@dataclass(frozen=True)
class KafkaBehindAWire(Kafka):
    """A broker that tells its clients to come by the wire."""

    wire_port: int

    def prepare(self, say: Any = lambda _: None) -> None:
        super().prepare(say)
        direct, by_wire = (f"advertised.listeners=PLAINTEXT://{HOST}:{port}" for port in (self.port, self.wire_port))
        self._properties.write_text(self._properties.read_text().replace(direct, by_wire))

    def command(self) -> Command:
        """Compiled once and lightly: a broker that lives for a minute never earns back what more would cost."""
        command = super().command()
        java, *arguments = command.argv
        return replace(command, argv=(java, "-XX:TieredStopAtLevel=1", *arguments))


@dataclass
class Rig:
    """Start, strike and end one system. `deaths` counts what ended without being killed by us."""

    golden: Golden
    folder: Path
    wires: Wires
    mutation: str = ""
    injected: set[tuple[str, int, int]] = field(default_factory=set)
    """Messages that the campaign itself put on topics once more: topic, partition, offset."""
    poison: set[tuple[str, int, int]] = field(default_factory=set)
    deaths: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)
        self.disk = Disk(self.folder / "disk")
        ports = iter(lasting_ports(4 + 3 * len(SERVICES)))
        password = self.golden.credentials.passwords["postgres"]
        self.postgres = Postgres(self.disk.folder / "postgres", next(ports), password, self.folder / "postgres.log")
        self.kafka = KafkaBehindAWire(
            folder=self.folder / "kafka",
            port=next(ports),
            controller_port=next(ports),
            jars=local_settings().jars,
            log=self.folder / "kafka.log",
            wire_port=next(ports),
        )
        self.kafka_address = f"{HOST}:{self.kafka.wire_port}"
        self._wire_ports = {service: next(ports) for service in SERVICES}
        self.ports = {f"{service}{nth}": next(ports) for service in SERVICES for nth in ("", "-2")}
        self._children: dict[str, Child] = {}
        self._wanted: set[str] = set()
        self._next: set[str] = set()
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Copy the golden folders and bring everything up."""
        for source, copy in ((self.golden.postgres, self.postgres.folder), (self.golden.kafka, self.kafka.folder)):
            await asyncio.to_thread(subprocess.run, ["cp", "-a", str(source.resolve()), str(copy)], check=True)
        await self.wires.lay("kafka", self.kafka.wire_port, self.kafka.port)
        for service in SERVICES:
            await self.wires.lay(service, self._wire_ports[service], self.postgres.port)
            self.clock(service, 0.0)
        self._wanted = {"postgres", "kafka", *SERVICES}
        self._watch = asyncio.create_task(self._keep_up())
        for service in SERVICES:
            await self.ready(service)

    async def end(self, keep: bool) -> None:
        """Stop everything; no process is left. The data stay in the folder where `keep`."""
        self._wanted = set()
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        last = ("postgres", "kafka")
        for name in sorted(self._children, key=lambda name: name in last):
            child = self._children[name]
            child.signal_group(signal.SIGCONT)
            await asyncio.to_thread(child.stop)
        await self.wires.close()
        self.disk.release(self.folder / "disk-kept" if keep else None)

    def addresses(self, service: str) -> Sequence[str]:
        """Where people reach a service: its processes that are up."""
        up = [name for name in (service, f"{service}-2") if name in self._wanted and self._alive(name)]
        return [f"{HOST}:{self.ports[name]}" for name in up or [service]]

    def pid(self, name: str) -> int:
        return self._children[name].pid

    async def kill(self, name: str) -> None:
        """`kill -9`, of all its processes; it stays down until it is revived."""
        self._wanted.discard(name)
        child = self._children.pop(name)
        with suppress(psutil.NoSuchProcess):
            workers = psutil.Process(child.pid).children(recursive=True)
            child.signal_group(signal.SIGKILL)
            for worker in workers:
                with suppress(psutil.NoSuchProcess):
                    worker.kill()
        await asyncio.to_thread(child.wait)

    async def stop(self, name: str) -> None:
        """Ask it to end, and wait until it has."""
        self._wanted.discard(name)
        await asyncio.to_thread(self._children.pop(name).stop)

    def signal(self, name: str, number: signal.Signals) -> None:
        """Signal a process that is up."""
        if self._alive(name):
            os.kill(self.pid(name), number)

    async def revive(self, name: str, *, one_version_ahead: bool = False) -> None:
        """Start it, and have it started again from now on; it is waited for until it answers."""
        (self._next.add if one_version_ahead else self._next.discard)(name)
        self._wanted.add(name)
        if name not in ("postgres", "kafka"):
            return await self.ready(name)
        answers = self.postgres.ready if name == "postgres" else self.kafka.ready
        deadline = monotonic() + PATIENCE
        while not (self._alive(name) and await asyncio.to_thread(answers)) and monotonic() < deadline:  # noqa: ASYNC110 -- a child has no event
            await asyncio.sleep(0.05)
        return None

    async def ready(self, name: str) -> None:
        """Wait until a service says that it takes commands; raises `RuntimeError` with its log."""
        deadline = monotonic() + PATIENCE
        http = Http()
        while True:
            with suppress(NoAnswer):
                if (await http.ask("GET", f"{HOST}:{self.ports[name]}", "/health/ready", patience=2)).is_success:
                    return http.close()
            if monotonic() > deadline:
                said = self._children[name].said(30) if name in self._children else "it was never started"
                raise RuntimeError(f"{name} is not ready:\n{said}")
            await asyncio.sleep(0.05)

    def clock(self, service: str, offset: float) -> None:
        """Shift what the processes of a service take for the present, in seconds."""
        file = self._clock_file(service)
        if not file.exists():
            file.write_bytes(bytes(8))
        with file.open("r+b") as out:
            out.write(struct.pack("d", offset))

    async def database(self, service: str, role: str = "postgres") -> "asyncpg.Connection[Any]":
        """A connection of our own to the database of a service, past the wires."""
        if role == "owner":
            dsn = self.golden.credentials.dsn(self.postgres.address, f"{service}_owner", service)
        else:
            dsn = database_of(self.postgres.address, service)
        return await asyncpg.connect(dsn, timeout=2)

    def _alive(self, name: str) -> bool:
        return name in self._children and self._children[name].returncode is None

    async def _keep_up(self) -> None:
        pauses: dict[str, float] = {}
        while True:
            for name in sorted(self._wanted, key=lambda name: name not in ("postgres", "kafka")):
                child = self._children.get(name)
                if (child is not None and child.returncode is None) or pauses.get(name, 0) > monotonic():
                    continue
                if child is not None:
                    self.deaths.append(f"{name} ended with {child.returncode}")
                pauses[name] = monotonic() + 0.5
                await asyncio.to_thread(self._prepare, name)
                self._children[name] = Child(self._command(name))
            await asyncio.sleep(0.05)

    def _prepare(self, name: str) -> None:
        if name == "postgres":
            (self.postgres.folder / "postgresql.auto.conf").write_text("")
            self.postgres.prepare()
        elif name == "kafka":
            self.kafka.prepare()

    def _command(self, name: str) -> Command:
        if name == "postgres":
            return self.postgres.command()
        if name == "kafka":
            return self.kafka.command()
        service = name.removesuffix("-2")
        return Command(
            name=name,
            argv=(sys.executable, str(LAUNCHER), service, "all"),
            log=self.folder / f"{name}.log",
            environ=self._environment(name, service),
            folder=ROOT,
        )

    def _environment(self, name: str, service: str) -> dict[str, str]:
        ports = {each: self.ports[each] for each in SERVICES}
        site = site_environment(self.postgres.address, self.kafka_address, ports, self.golden.credentials)
        by_wire = self.postgres.address.replace(f":{self.postgres.port}/", f":{self._wire_ports[service]}/")
        own = {
            f"CONVERGENCE_{service.upper()}_DATABASE": self.golden.credentials.dsn(by_wire, f"{service}_app", service),
            f"CONVERGENCE_{service.upper()}_PORT": str(self.ports[name]),
            f"CONVERGENCE_{service.upper()}_POOL_SIZE": POOL_SIZE,
            "CONVERGENCE_SWEEP_SECONDS": "1",
            "CAMPAIGN_CLOCK": str(self._clock_file(service)),
            "CAMPAIGN_MUTATION": self.mutation,
            "CAMPAIGN_NEXT": "yes" if name in self._next else "",
        }
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("CONVERGENCE_")}
        return {**inherited, **site, **own}

    def _clock_file(self, service: str) -> Path:
        return self.folder / f"{service}.clock"
