"""`convergence topics`: the catalogue of topics beside what the broker really has, and how far each consumer is."""

from dataclasses import asdict, replace
from typing import Annotated

from aiokafka.errors import KafkaError
from cyclopts import Parameter
from rich.console import Console

from convergence.screen.console import err, out, print_json, shown
from convergence.screen.failure import Failure
from convergence.site.addresses import NAMES, AsJson, Kafka, KafkaPrefix, find_kafka
from convergence.site.broker import Found, look
from deploy.local.servers.topics import ensure_topics
from deploy.local.settings import Misconfigured
from shared.basics.french import plural
from shared.contracts.catalogue import TOPICS, Topic

PATIENCE = 5.0


async def topics(
    *,
    create: Annotated[bool, Parameter(negative="", help="Crée les sujets qui manquent et règle les autres.")] = False,
    json: AsJson = False,
    kafka: Kafka = None,
    kafka_prefix: KafkaPrefix = "",
) -> None:
    """Les sujets Kafka : qui écrit, qui lit, réglages, messages, retard de chaque lecteur ; code 1 si un sujet diffère."""
    bootstrap = kafka or find_kafka()
    if create:
        await _create(bootstrap, kafka_prefix)
    try:
        found = await look(bootstrap, kafka_prefix, TOPICS, PATIENCE)
    except (KafkaError, OSError):
        found = None
    if json:
        print_json({"kafka": bootstrap, "answers": found is not None, "topics": [_plain(t, found) for t in TOPICS]})
    else:
        _show(out(), found)
    if found is None:
        err().print(f"[red]✗[/] Kafka ne répond pas à {shown(bootstrap)} : voici le seul catalogue.")
    if found is None or any(found[topic.name].differences(topic) for topic in TOPICS):
        raise SystemExit(1)


async def _create(bootstrap: str, prefix: str) -> None:
    try:
        await ensure_topics(bootstrap, [replace(t, name=prefix + t.name) for t in TOPICS], patience=PATIENCE)
    except Misconfigured as reason:
        raise Failure(str(reason)) from None
    except (KafkaError, OSError):
        raise Failure(f"Kafka ne répond pas à {bootstrap} : rien n’a été créé.") from None
    err().print(f"[green]✓[/] Les {len(TOPICS)} sujets du catalogue existent, avec leurs réglages.")


def _plain(topic: Topic, found: dict[str, Found] | None) -> dict[str, object]:
    real = found[topic.name] if found is not None else None
    return {
        "name": topic.name,
        "purpose": topic.purpose,
        "producer": topic.producer,
        "consumers": topic.consumers,
        "events": [event.type for event in topic.events],
        "partitions": topic.partitions,
        "config": topic.config,
        "real": asdict(real) if real is not None else None,
        "differences": real.differences(topic) if real is not None else [],
    }


def _show(console: Console, found: dict[str, Found] | None) -> None:
    for topic in TOPICS:
        real = found[topic.name] if found is not None else None
        there = real is not None and real.exists
        messages = f", {plural(real.messages, 'message')}" if real is not None and there else ""
        console.print(f"[bold]{topic.name}[/] : {topic.partitions} partitions, {_kept(topic.config)}{messages}")
        readers = ", ".join(_reader(one, real) for one in topic.consumers)
        console.print(f"  écrit par {NAMES[topic.producer]} ; lu par {readers}")
        for difference in real.differences(topic) if real is not None else ():
            console.print(f"  [red]✗[/] {shown(difference)}")


def _reader(consumer: str, real: Found | None) -> str:
    if real is None or not real.exists:
        return NAMES[consumer]
    lag = real.lag[consumer]
    if lag is None:
        return f"{NAMES[consumer]} (n’a encore rien lu)"
    return f"{NAMES[consumer]} ({'à jour' if lag == 0 else 'en retard de ' + plural(lag, 'message')})"


def _kept(config: dict[str, str]) -> str:
    milliseconds = int(config.get("retention.ms", "604800000"))
    if config.get("cleanup.policy") == "compact":
        return "le dernier de chaque clé est gardé"
    return "tout est gardé" if milliseconds < 0 else f"gardé {plural(milliseconds // 86_400_000, 'jour')}"
