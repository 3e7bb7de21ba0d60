"""The trail: every chain holds from its first entry to its head, and names whoever was told that they decided."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import sha256

from faults.checker.evidence import Evidence
from faults.checker.objection import Objection
from faults.checker.once import SERVICE_OF


def the_trail_verifies(evidence: Evidence) -> Iterator[Objection]:
    """`hash = sha256(previous hash + text)` over 32 zero bytes, numbered from 1, as long as its head says."""
    for service, database in evidence.databases.items():
        for case in database.heads.keys() | database.trail.keys():
            why = _broken(evidence, service, case)
            if why:
                yield Objection("the trail verifies", case, f"{service}: {why}")


def the_trail_names_who_decided(evidence: Evidence) -> Iterator[Objection]:
    """Every command that was answered with success stands in the trail of its case, under the name of who gave it."""
    told: dict[tuple[str, str, str], set[tuple[str, str]]] = defaultdict(set)
    for line in evidence.lines("told"):
        if line.act in SERVICE_OF:
            told[SERVICE_OF[line.act], line.case, line.said["by"]].add((line.act, line.of))
    for (service, case, actor), commands in told.items():
        entries = Counter(entry["fact"]["actor"] for entry in evidence.databases[service].trail.get(case, ()))
        if entries[actor] < len(commands):
            why = f"{service}: {actor} was told of {len(commands)} decisions, the trail has {entries[actor]}"
            yield Objection("the trail names who decided", case, why)


def _broken(evidence: Evidence, service: str, case: str) -> str | None:
    database = evidence.databases[service]
    head, entries = database.heads.get(case), database.trail.get(case, ())
    if head is None:
        return "a chain without a case"
    previous = bytes(32)
    for number, entry in enumerate(entries, start=1):
        previous = sha256(previous + entry["entry"].encode()).digest()
        fact = json.loads(entry["entry"])
        if entry["n"] != number or fact["n"] != number or fact["case_id"] != case:
            return f"entry {number} is missing or belongs elsewhere"
        if previous != entry["hash"]:
            return f"entry {number} is not the text that was hashed"
    if head["trail_count"] != len(entries) or head["trail_head"] != previous:
        return f"the head counts {head['trail_count']} entries, there are {len(entries)}, or the last hash is another"
    return None
