"""The owner of the GHT's catalogue, as the request service sees it: entries published, changed, retired on their topic."""

import asyncio
import json
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID, uuid4

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from faults.ledger import Ledger
from faults.lives import DOMAINS

TOPIC = "catalogue.entries"
ENTRIES = 12
CHANGES = 60
TRIES = 60


async def keep_catalogue(address: str, seed: int, ledger: Ledger) -> None:
    """Publish some entries and change them; each change is acknowledged before the next one of the same entry."""
    random = Random(f"catalogue {seed}")  # noqa: S311 -- repeatable
    entries = [UUID(int=random.getrandbits(128), version=4) for _ in range(ENTRIES)]
    for number in range(CHANGES):
        entry = entries[number] if number < ENTRIES else random.choice(entries)
        if number >= ENTRIES and random.random() < 0.2:
            kind, data = "retired", {"entry_id": str(entry), "reason": "Remplacé."}
        else:
            kind, data = "published", _entry(entry, number, random)
        await _publish(address, entry, f"convergence.catalogue-entry-{kind}.v1", data)
        ledger.write("told", "catalogue", str(entry), kind, said=data)
        await asyncio.sleep(random.uniform(0.0, 0.4))


def _entry(entry: UUID, number: int, random: Random) -> dict[str, Any]:
    return {
        "entry_id": str(entry),
        "product": f"Produit {entry.hex[:6]}",
        "vendor": "Éditeur",
        "domain": random.choice(DOMAINS),
        "version": str(number),
        "deployments": [],
    }


async def _publish(address: str, entry: UUID, event_type: str, data: dict[str, Any]) -> None:
    """One event, sent again under the same id until Kafka has it."""
    event_id, now = str(uuid4()), datetime.now(UTC).isoformat()
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", event_id.encode()),
        ("ce_source", b"/services/lifecycle"),
        ("ce_type", event_type.encode()),
        ("ce_time", now.encode()),
        ("ce_subject", str(entry).encode()),
        ("content-type", b"application/json"),
    ]
    for tried in range(TRIES):
        producer = AIOKafkaProducer(bootstrap_servers=address, acks="all", request_timeout_ms=3000)
        try:
            await producer.start()
            await producer.send_and_wait(TOPIC, json.dumps(data).encode(), key=str(entry).encode(), headers=headers)
            return
        except (KafkaError, OSError, TimeoutError):
            if tried + 1 == TRIES:
                raise
            await asyncio.sleep(0.5)
        finally:
            await producer.stop()
