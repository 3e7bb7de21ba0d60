"""Order per case: what a service says of a case stands on one partition, numbered from 1 without a gap."""

from collections import defaultdict
from collections.abc import Iterator

from faults.checker.evidence import Evidence, Message
from faults.checker.objection import Objection
from faults.effects import CATALOGUE

PROMISE = "order per case holds"


def order_per_case_holds(evidence: Evidence) -> Iterator[Objection]:
    """First occurrences of each source and case: 1, 2, 3, as many as the service counted."""
    streams: dict[tuple[str, str], list[Message]] = defaultdict(list)
    for message in evidence.firsts:
        if message.topic != CATALOGUE:
            streams[message.source, message.case].append(message)
    for (source, case), messages in streams.items():
        partitions = {message.partition for message in messages}
        if len(partitions) > 1:
            yield Objection(PROMISE, case, f"{source} wrote to the partitions {sorted(partitions)}")
        numbers = [message.sequence for message in messages]
        if numbers != list(range(1, len(numbers) + 1)):
            yield Objection(PROMISE, case, f"{source} wrote {numbers}")
    for service, database in evidence.databases.items():
        for case, head in database.heads.items():
            sent = len(streams.get((f"/services/{service}", case), ()))
            if head["event_count"] != sent:
                yield Objection(PROMISE, case, f"{service} counts {head['event_count']} events, the topic has {sent}")
