"""The cases that this process wrote last, so that the next decision on one of them need not read it (ADR 0012).

A remembered state is a guess: another process may have changed the case. `shared.casework.decide` never relies on a guess
alone: a decision that changes the case is proved by its own write, whose guard is the version that it started from; a decision
that changes nothing (a refusal, a repetition) is taken again on what is read.
"""

import time
from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from shared.casework.trail import GENESIS
from shared.database.postgres import EVERYTHING

S = TypeVar("S")

DOUBT_SECONDS = 1.0


class Head(NamedTuple):
    """The version of a case, and the length of its trail and of its stream of events."""

    version: int = 0
    trail_count: int = 0
    trail_head: bytes = GENESIS
    event_count: int = 0


class Written(NamedTuple, Generic[S]):
    """A case as a write left it."""

    case_id: UUID
    establishment: str
    head: Head
    state: S


class Memory(Generic[S]):
    """Latest state of up to `most` recently written cases.

    `as_read` turns a written state into what reading it would give, or None if it must be read.
    """

    def __init__(self, as_read: Callable[[S], S | None], nothing: S, most: int = 2000) -> None:
        self._as_read = as_read
        self._most = most
        self._cases: dict[UUID, Written[S]] = {}
        self._doubted_until = 0.0
        self.new = Head(), nothing
        """What reading a new case gives."""

    @property
    def doubted(self) -> bool:
        """Whether everything is read for now, because a guess was wrong a moment ago."""
        return self._doubted_until > time.monotonic()

    def of(self, case_id: UUID, establishments: str) -> tuple[Head, S] | None:
        """A guess at the state of a case, if it is visible in this scope."""
        kept = self._cases.get(case_id)
        if kept is None or not (establishments == EVERYTHING or kept.establishment in establishments.split(",")):
            return None
        return kept.head, kept.state

    def remember(self, written: Iterable[Written[S]]) -> None:
        """Remember what is on disk now, and forget the cases that were written longest ago."""
        for new in written:
            old = self._cases.pop(new.case_id, None)
            if old is not None and old.head.version > new.head.version:
                self._cases[new.case_id] = old
            elif (state := self._as_read(new.state)) is not None:
                self._cases[new.case_id] = new._replace(state=state)
        while len(self._cases) > self._most:
            del self._cases[next(iter(self._cases))]

    def doubt(self) -> None:
        """Forget everything: a guess was wrong, or a connection broke and the next one may reach another database."""
        self._cases.clear()
        self._doubted_until = time.monotonic() + DOUBT_SECONDS
