"""`convergence catalogue import FILE.csv`: publishes the GHT's software in service, until a lifecycle service owns it.

The topic holds the state: it is read first, and only entries that differ from their last event are published. The
id of an event is derived from its content and from the event before it, so that two concurrent imports publish the same
event once, and going back to an earlier content is a new event.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from cyclopts import App

from convergence.files.catalogue_file import read_catalogue
from convergence.files.csv_file import BadLine
from convergence.screen.bad_lines import show_bad_lines
from convergence.screen.console import out, print_json
from convergence.screen.failure import Failure
from convergence.site.addresses import AsJson, Kafka, KafkaPrefix, find_kafka
from deploy.local.servers.topics import admin
from shared.basics.clock import now
from shared.contracts.catalogue import BY_NAME
from shared.contracts.envelope import Unreadable, headers_of, read
from shared.contracts.event import Event, Origin
from shared.contracts.events.catalogue_entries import TOPIC, CatalogueEntryPublishedV1

SOURCE: Final = "/services/lifecycle"
PATIENCE: Final = 20.0

app = App(name="catalogue", help="Le catalogue du GHT : les logiciels en service, par domaine.")


@dataclass(frozen=True)
class LastWord:
    """The last event of an entry that stands in the topic."""

    event: Event | None = None
    origin: Origin | None = None


@dataclass
class Told:
    """What an import did, by product."""

    published: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)


@app.command(name="import")
async def import_catalogue(
    file: Path,
    *,
    json: AsJson = False,
    kafka: Kafka = None,
    kafka_prefix: KafkaPrefix = "",
) -> None:
    """Publie les logiciels d’un fichier CSV ; le même fichier deux fois ne change rien. Code 1 s’il y a de mauvaises lignes."""
    read_file = read_catalogue(file)
    bootstrap = kafka or find_kafka()
    try:
        told = await publish(bootstrap, kafka_prefix, read_file.entries)
    except (KafkaError, OSError, TimeoutError):
        raise Failure(f"Kafka ne répond pas à {bootstrap} : relancez quand il est là, rien ne sera doublé.") from None
    if json:
        print_json({**asdict(told), "bad": [asdict(bad) for bad in read_file.bad]})
    else:
        _show(told, read_file.bad)
    if read_file.bad:
        raise SystemExit(1)


async def publish(bootstrap: str, prefix: str, entries: Iterable[CatalogueEntryPublishedV1]) -> Told:
    """Publish the entries that are new or differ; raises `KafkaError` when Kafka does not answer."""
    told = Told()
    last = await asyncio.wait_for(last_words(bootstrap, prefix + TOPIC), PATIENCE)
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        for entry in entries:
            before = last.get(entry.entry_id, LastWord())
            if before.event == entry:
                told.known.append(entry.product)
                continue
            origin = following(before, entry)
            subject = str(entry.key)
            headers = headers_of(entry.type, subject, origin)
            await producer.send_and_wait(
                prefix + TOPIC, entry.model_dump_json().encode(), key=subject.encode(), headers=headers
            )
            (told.changed if before.event else told.published).append(entry.product)
    finally:
        await producer.stop()
    return told


def following(before: LastWord, entry: CatalogueEntryPublishedV1) -> Origin:
    """Id and sequence of an event, derived from the one before it."""
    after = before.origin
    event_id = uuid5(after.event_id if after else entry.entry_id, entry.model_dump_json())
    return Origin(
        event_id=event_id,
        source=SOURCE,
        time=now(),
        correlation_id=event_id,
        causation_id=event_id,
        sequence=after.sequence + 1 if after else 1,
    )


async def last_words(bootstrap: str, topic: str) -> Mapping[UUID, LastWord]:
    """The last event of every entry in the topic; what cannot be read is passed over."""
    found: dict[UUID, LastWord] = {}
    types = BY_NAME[TOPIC].types
    places = [TopicPartition(topic, number) for number in range(await _partitions(bootstrap, topic))]
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        while not await _at_end(consumer, ends):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    try:
                        event, origin = read(types, record.headers, record.value)
                    except Unreadable:
                        continue
                    found[event.key] = LastWord(event, origin)
    finally:
        await consumer.stop()
    return found


async def _at_end(consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> bool:
    for place, end in ends.items():
        if await consumer.position(place) < end:
            return False
    return True


async def _partitions(bootstrap: str, topic: str) -> int:
    async with admin(bootstrap, PATIENCE) as client:
        (described,) = await client.describe_topics([topic])
    if described["error_code"]:
        raise Failure(f"Le sujet {topic} n’existe pas : « convergence topics --create » le crée.")
    return len(described["partitions"])


def _show(told: Told, bad: Collection[BadLine]) -> None:
    show_bad_lines(out(), bad)
    out().print(
        f"{len(told.published)} publiés, {len(told.changed)} changés, {len(told.known)} déjà au catalogue, "
        f"{len(bad)} lignes refusées."
    )
