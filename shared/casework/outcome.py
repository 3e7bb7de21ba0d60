"""What a decision comes to. Models import this and nothing that touches a database."""

from typing import Any, Generic, TypeVar

import msgspec

from shared.casework.trail import TrailEntry
from shared.contracts.case import CaseEvent

S = TypeVar("S")


class Outcome(msgspec.Struct, Generic[S], frozen=True):
    """The state after a decision, what is told to others, what the trail keeps, and the caller's answer."""

    state: S
    events: tuple[CaseEvent, ...] = ()
    trail: tuple[TrailEntry, ...] = ()
    result: Any = None
