"""The trail: everything that a person or a rule decided, append-only, with one hash chain per case.

Each entry is stored as exactly the JSON text that was hashed: `hash = sha256(previous hash + text)`, the first one over
32 zero bytes. The head of each chain is stored in `case_head`, so that a cut-off end is detected as well as a changed entry.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import orjson

GENESIS = bytes(32)


class TrailEntry(msgspec.Struct, frozen=True):
    """One decision in the trail: who (account and title), what, why, and its figures."""

    action: str
    actor: str
    actor_title: str
    reason: str = ""
    detail: dict[str, Any] = {}


class Link(NamedTuple):
    """An entry of a chain: `hash` covers its text and the hash before."""

    n: int
    text: str
    hash: bytes


def chain(previous: bytes, count: int, case_id: UUID, at: datetime, entries: Sequence[TrailEntry]) -> list[Link]:
    """The entries that follow the `count` existing ones, whose last hash is `previous`."""
    links = []
    for n, entry in enumerate(entries, start=count + 1):
        fact = {
            "case_id": str(case_id),
            "n": n,
            "at": at.isoformat(),
            "action": entry.action,
            "actor": entry.actor,
            "actor_title": entry.actor_title,
            "reason": entry.reason,
            "detail": entry.detail,
        }
        text = orjson.dumps(fact, option=orjson.OPT_SORT_KEYS, default=str)
        previous = sha256(previous + text).digest()
        links.append(Link(n=n, text=text.decode(), hash=previous))
    return links


class Break(NamedTuple):
    """The first entry of a chain that fails verification."""

    case_id: UUID
    n: int
    why: str


def verify(case_id: UUID, head: bytes, count: int, entries: Sequence[Link]) -> Break | None:
    """The first break of one case's chain, or None."""
    previous = GENESIS
    for expected, entry in enumerate(entries, start=1):
        if entry.n != expected:
            return Break(case_id, expected, "an entry is missing")
        previous = sha256(previous + entry.text.encode()).digest()
        if previous != entry.hash:
            return Break(case_id, entry.n, "the text is not the one that was hashed")
        fact = orjson.loads(entry.text)
        if fact["n"] != entry.n or fact["case_id"] != str(case_id):
            return Break(case_id, entry.n, "the entry belongs elsewhere")
    if len(entries) != count or previous != head:
        return Break(case_id, len(entries) + 1, "the end of the chain is missing")
    return None
