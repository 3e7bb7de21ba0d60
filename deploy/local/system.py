"""The local system as a whole: what its parts are, in which order they come up, and what `run.json` says of them."""

import asyncio
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable

from deploy.local.credentials import kept_credentials
from deploy.local.environment import local_environment, postgres_address
from deploy.local.processes.child import Command
from deploy.local.processes.ports import require_free
from deploy.local.processes.progress import Steps
from deploy.local.processes.run import Process, Run
from deploy.local.processes.supervisor import Part, Supervisor
from deploy.local.servers.databases import provision
from deploy.local.servers.kafka import Kafka
from deploy.local.servers.postgres import Postgres
from deploy.local.servers.topics import ensure_topics
from deploy.local.settings import HOST, ROOT, LocalSettings, Misconfigured
from shared.contracts.catalogue import TOPICS
from shared.program.registry import SERVICES

_STORES, _SERVICES = 0, 1


class System:
    """One local system. `say` gets the sentences for the person once it is up."""

    def __init__(self, settings: LocalSettings, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._credentials = kept_credentials(settings.data)
        self._admin = postgres_address(settings, self._credentials)
        self._environment = {**os.environ, **local_environment(settings)}
        self._ready = False
        self.supervisor = Supervisor(say, self._changed)
        self.urls = {service: self._environment[f"CONVERGENCE_{service.upper()}_URL"] for service in SERVICES}

    async def start(self, steps: Steps) -> None:
        """Bring everything up. Raises `Misconfigured` or `Died` with what to do or what the program said."""
        self._require_ports()
        async with asyncio.TaskGroup() as stores:
            stores.create_task(self._databases(steps))
            stores.create_task(self._topics(steps))
        async with asyncio.TaskGroup() as services:
            for service in SERVICES:
                services.create_task(self._service(service, steps))
        self._ready = True
        self._changed()

    async def _databases(self, steps: Steps) -> None:
        if not self._settings.postgres:
            with steps.step("PostgreSQL 18", f"{HOST}:{self._settings.postgres_port}") as detail:
                detail("creating its data folder" if not self._postgres.folder.exists() else "starting")
                await self.supervisor.start(
                    Part(
                        name="postgres",
                        prepare=self._postgres.prepare,
                        command=self._postgres.command,
                        ready=self._postgres.ready,
                        stage=_STORES,
                    )
                )
        if not self._own_databases():
            with steps.step("databases and roles"):
                await asyncio.to_thread(provision, self._admin, self._credentials)
        with steps.step("migrations"):
            await asyncio.gather(*(self._migrate(service) for service in SERVICES))

    async def _topics(self, steps: Steps) -> None:
        if not self._settings.kafka:
            with steps.step("Apache Kafka 4.1", self._kafka.address) as detail:
                await self.supervisor.start(
                    Part(
                        name="kafka",
                        prepare=lambda: self._kafka.prepare(self._unless_ending(detail)),
                        command=self._kafka.command,
                        ready=self._kafka.ready,
                        stage=_STORES,
                    )
                )
        with steps.step("topics", f"{len(TOPICS)} of the catalogue"):
            await ensure_topics(self._environment["CONVERGENCE_KAFKA"], TOPICS)

    async def _migrate(self, service: str) -> None:
        # What `python -m services.<name> migrate` does, without loading the pages and the rules first.
        await self.supervisor.run(
            self._program(f"migrations of {service}", service, "shared.database.migrate", service)
        )

    async def _service(self, service: str, steps: Steps) -> None:
        port = self._settings.service_ports[service]
        with steps.step(f"service {service}", f"{HOST}:{port}"):
            await self.supervisor.start(
                Part(
                    name=service,
                    command=lambda: self._program(service, service, f"services.{service}"),
                    ready=lambda: _answers(f"http://{HOST}:{port}/health/ready"),
                    stage=_SERVICES,
                )
            )

    def _program(self, name: str, service: str, *module: str) -> Command:
        return Command(
            name=name,
            argv=(sys.executable, "-m", *module),
            log=self._settings.logs / f"{service}.log",
            environ=self._environment,
            folder=ROOT,
            grace=40.0,  # requests end within 5 s, then the batch in progress within 20 s
        )

    @property
    def _postgres(self) -> Postgres:
        settings = self._settings
        password = self._credentials.passwords["postgres"]
        return Postgres(settings.data / "postgres", settings.postgres_port, password, settings.logs / "postgres.log")

    @property
    def _kafka(self) -> Kafka:
        settings = self._settings
        return Kafka(
            folder=settings.data / "kafka",
            port=settings.kafka_port,
            controller_port=settings.kafka_controller_port,
            jars=settings.jars,
            log=settings.logs / "kafka.log",
        )

    def _unless_ending(self, say: Callable[[str], None]) -> Callable[[str], None]:
        """Fetching Kafka runs in a thread that cannot be interrupted: it checks between two jars."""

        def said(detail: str) -> None:
            if self.supervisor.ending:
                raise Misconfigured("interrupted")
            say(detail)

        return said

    def _own_databases(self) -> bool:
        """Whether the environment gives every database: then none is created here."""
        kinds = ("DATABASE", "OWNER_DATABASE")
        names = [f"CONVERGENCE_{service.upper()}_{kind}" for service in SERVICES for kind in kinds]
        given = [name for name in names if name in self._settings.given]
        if given and len(given) < len(names):
            missing = ", ".join(name for name in names if name not in given)
            raise Misconfigured(f"{given[0]} is set, so these are needed too: {missing}")
        return bool(given)

    def _require_ports(self) -> None:
        settings = self._settings
        if not settings.postgres:
            require_free(settings.postgres_port, "CONVERGENCE_POSTGRES_PORT", "PostgreSQL")
        if not settings.kafka:
            require_free(settings.kafka_port, "CONVERGENCE_KAFKA_PORT", "Kafka")
            require_free(settings.kafka_controller_port, "CONVERGENCE_KAFKA_CONTROLLER_PORT", "Kafka's controller")
        for service, port in settings.service_ports.items():
            require_free(port, f"CONVERGENCE_{service.upper()}_PORT", f"the service {service}")

    def _changed(self) -> None:
        pids = {"launcher": os.getpid(), **self.supervisor.pids}
        Run(
            ready=self._ready,
            data=str(self._settings.data),
            postgres="given" if self._settings.postgres else f"{HOST}:{self._settings.postgres_port}",
            kafka=self._environment["CONVERGENCE_KAFKA"],
            urls=self.urls,
            processes={name: process for name, pid in pids.items() if (process := Process.of(pid))},
        ).write(self._settings.run_file)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 -- our own service
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
