"""What this process wrote last, so that the next decision on the same case need not read it.

What is remembered is a guess: another process may have moved the case on. Nothing is believed on a guess alone
(`shared.casework.decide`): a decision that changes the case is proved by its own write, whose guard is the version that it
started from; one that changes nothing (a refusal, an answer that stands already) is taken again on what is read.
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
    """How often a case changed, and how long its trail and its stream of events are."""

    version: int = 0
    trail_count: int = 0
    trail_head: bytes = GENESIS
    event_count: int = 0


class Kept(NamedTuple, Generic[S]):
    """A case as a write left it."""

    case_id: UUID
    establishment: str
    head: Head
    state: S


class Memory(Generic[S]):
    """The last states of the latest `most` cases.

    `as_read` gives a written state as reading it would, or None where it is to be read.
    """

    def __init__(self, as_read: Callable[[S], S | None], nothing: S, most: int = 2000) -> None:
        self._as_read = as_read
        self._most = most
        self._cases: dict[UUID, Kept[S]] = {}
        self._doubted_until = 0.0
        self.new = Head(), nothing
        """What is found of a case that nobody wrote yet."""

    @property
    def doubted(self) -> bool:
        """Another process is at work on the same cases: for a while everything is read."""
        return self._doubted_until > time.monotonic()

    def of(self, case_id: UUID, establishments: str) -> tuple[Head, S] | None:
        """A guess, for somebody who may see these establishments."""
        kept = self._cases.get(case_id)
        if kept is None or not (establishments == EVERYTHING or kept.establishment in establishments.split(",")):
            return None
        return kept.head, kept.state

    def keep(self, written: Iterable[Kept[S]]) -> None:
        """Remember what is on disk now; the cases that were written longest ago go."""
        for new in written:
            old = self._cases.pop(new.case_id, None)
            if old is not None and old.head.version > new.head.version:
                self._cases[new.case_id] = old
            elif (state := self._as_read(new.state)) is not None:
                self._cases[new.case_id] = new._replace(state=state)
        while len(self._cases) > self._most:
            del self._cases[next(iter(self._cases))]

    def doubt(self) -> None:
        """A guess was wrong, or a connection broke and the database behind the next one may be another: start over."""
        self._cases.clear()
        self._doubted_until = time.monotonic() + DOUBT_SECONDS
