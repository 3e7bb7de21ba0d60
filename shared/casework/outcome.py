"""The outcome of a decision; imports nothing that touches a database, so that models may use it."""

from typing import Any, Generic, TypeVar

import msgspec

from shared.casework.trail import TrailEntry
from shared.contracts.event import CaseEvent

S = TypeVar("S")


class Outcome(msgspec.Struct, Generic[S], frozen=True):
    """The state after a decision, its events, its trail entries, and the answer to the caller."""

    state: S
    events: tuple[CaseEvent, ...] = ()
    trail: tuple[TrailEntry, ...] = ()
    result: Any = None
