"""Reads the evidence: the databases past the services, the topics with a consumer of our own and the CloudEvents SDK."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import asyncpg
import orjson
from aiokafka.errors import KafkaError
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from faults.checker.evidence import Database, Evidence, Message, Struck
from faults.effects import READERS, WITH_EFFECT
from faults.ledger import Ledger, read_ledger
from faults.rig import Rig
from faults.topics import Place, read_all
from shared.contracts.catalogue import BY_NAME
from shared.program.registry import SERVICES

CASES = {
    "request": "SELECT case_id, stage, deadline_at, reference, author, follow_up FROM request",
    "review": "SELECT case_id, status, verdict, need, outlook FROM review",
    "purchasing": "SELECT case_id, state, route, deadline_at, late_since, work, review FROM purchase",
}
"""What is looked at of the cases of a service; of one that is not named here, its trail and its messages alone."""


async def read_evidence(rig: Rig, ledger: Ledger, strikes: Sequence[Struck]) -> Evidence:
    """Everything, as it stands now."""
    records = await read_all(rig.kafka_address)
    databases = {}
    for service in SERVICES:
        db = await rig.database(service)
        try:
            databases[service] = await read_database(db, service)
        finally:
            await db.close()
    return Evidence(
        ledger=tuple(read_ledger(ledger.path)),
        strikes=tuple(strikes),
        messages=tuple(messages(records, rig.injected | rig.poison)),
        databases=databases,
        poison=frozenset(rig.poison),
    )


async def read_database(db: "asyncpg.Connection[Any]", service: str) -> Database:
    """The tables of one service, on this connection (and in its transaction, where it has one)."""
    trail: dict[str, list[Any]] = defaultdict(list)
    for row in await db.fetch("SELECT case_id, n, entry, hash FROM trail ORDER BY case_id, n"):
        trail[str(row["case_id"])].append({**row, "fact": orjson.loads(row["entry"])})
    checks: dict[str, list[Any]] = defaultdict(list)
    catalogue: dict[str, Any] = {}
    if service == "review":
        for row in await db.fetch("SELECT case_id, kind, status, deadline_at, told, state FROM review_check"):
            checks[str(row["case_id"])].append(dict(row))
    if service == "request":
        found = await db.fetch("SELECT entry_id, product, version, domain, retired FROM catalogue_entry")
        catalogue = {str(row["entry_id"]): dict(row) for row in found}
    cases = await db.fetch(CASES[service]) if service in CASES else []
    heads = await db.fetch("SELECT case_id, trail_count, trail_head, event_count FROM case_head")
    return Database(
        heads={str(row["case_id"]): dict(row) for row in heads},
        trail={case: tuple(rows) for case, rows in trail.items()},
        outbox=tuple(dict(row) for row in await db.fetch("SELECT position, event_id, type, key FROM outbox")),
        inbox=frozenset(str(row["event_id"]) for row in await db.fetch("SELECT event_id FROM inbox")),
        parked=tuple(
            dict(row)
            for row in await db.fetch('SELECT topic, partition, "offset", slug, reason, parked_at FROM parked_message')
        ),
        cases={str(row["case_id"]): dict(row) for row in cases},
        checks={case: tuple(rows) for case, rows in checks.items()},
        catalogue=catalogue,
    )


def messages(records: Iterable[Any], skipped: set[Place]) -> list[Message]:
    """What the official SDK reads; messages of ours are left out, and one of theirs that it cannot read is an error."""
    found = []
    for record in records:
        if (record.topic, record.partition, record.offset) in skipped:
            continue
        event = from_binary(KafkaMessage(dict(record.headers), record.key, record.value), JSONFormat(), CloudEvent)
        data = event.get_data()
        found.append(
            Message(
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                written=record.timestamp / 1000,
                event_id=str(event.get_id()),
                source=str(event.get_source()),
                type=str(event.get_type()),
                case=str(event.get_subject()),
                sequence=int(event.get_extension("sequence") or 0),
                data=data if isinstance(data, dict) else orjson.loads(data or "{}"),
            )
        )
    return found


async def drained(rig: Rig) -> bool:
    """Whether the outboxes are empty and every event on the topics had its effect, or is parked."""
    with suppress(OSError, TimeoutError, asyncpg.PostgresError, KafkaError):
        for service in SERVICES:
            db = await rig.database(service)
            try:
                if await db.fetchval("SELECT count(*) FROM outbox"):
                    return False
            finally:
                await db.close()
        found = messages(await read_all(rig.kafka_address), rig.injected | rig.poison)
        for service in SERVICES:
            db = await rig.database(service)
            try:
                known = {str(row[0]) for row in await db.fetch("SELECT event_id FROM inbox")}
                parked = {tuple(row) for row in await db.fetch('SELECT topic, partition, "offset" FROM parked_message')}
            finally:
                await db.close()
            expected = {place for place in rig.poison if service in READERS[place[0]]}
            if not expected <= parked or missing_effects(service, found, known, parked):
                return False
        return True
    return False


def missing_effects(service: str, found: Iterable[Message], known: Iterable[str], parked: set[Any]) -> list[Message]:
    """Events that should have had an effect on a service, and neither had one nor are parked.

    A type that this version does not know is passed by.
    """
    wanted, ids = WITH_EFFECT.get(service, {}), set(known)
    return [
        one
        for one in found
        if one.topic in wanted
        and wanted[one.topic] in (None, one.type)
        and one.type in BY_NAME[one.topic].types
        and one.event_id not in ids
        and (one.topic, one.partition, one.offset) not in parked
    ]
