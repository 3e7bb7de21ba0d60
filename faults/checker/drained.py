"""In the end nothing is under way: outboxes are empty, every event had its effect, and only poison is set aside."""

from collections.abc import Iterator

from faults.checker.evidence import Evidence
from faults.checker.objection import Objection
from faults.checker.read import missing_effects
from faults.effects import READERS

PROMISE = "all is drained within a minute of the last repair"
REASONS = {"not-a-cloudevent", "unknown-version", "no-data", "unreadable-headers", "bad-attributes"}


def everything_is_drained(evidence: Evidence) -> Iterator[Objection]:
    """No event waits to be sent, and none waits for its effect."""
    for service, database in evidence.databases.items():
        if database.outbox:
            first = min(database.outbox, key=lambda row: row["position"])
            why = f"{service}: {len(database.outbox)} events are still in the outbox, the first: {first['type']}"
            yield Objection(PROMISE, str(first["key"]), why)
        parked = {(row["topic"], row["partition"], row["offset"]) for row in database.parked}
        missing = missing_effects(service, evidence.messages, database.inbox, parked)
        if missing:
            why = f"{len(missing)} events had no effect on {service}, the first: {missing[0].kind}"
            yield Objection(PROMISE, missing[0].case, why)


def only_poison_is_parked(evidence: Evidence) -> Iterator[Objection]:
    """Each poisoned message is parked with its reason by each reader of its topic, and nothing else is."""
    promise = "only poison is parked, each with its reason"
    for service, database in evidence.databases.items():
        parked = {(row["topic"], row["partition"], row["offset"]): row for row in database.parked}
        for place in evidence.poison - parked.keys():
            if service in READERS[place[0]]:
                yield Objection(promise, "", f"{service} did not park the poison at {place}")
        for place, row in parked.items():
            if place not in evidence.poison:
                yield Objection(promise, "", f"{service} parked {place}: {row['slug']}, {row['reason']}")
            elif row["slug"] not in REASONS or not row["reason"]:
                yield Objection(promise, "", f"{service} parked {place} without a reason: {row['slug']}")
