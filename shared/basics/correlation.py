"""The correlation id of the current call: set where a call comes in, read where a decision is written."""

from contextvars import ContextVar
from uuid import UUID

from shared.basics.ids import new_id

_CURRENT: ContextVar[UUID | None] = ContextVar("correlation_id", default=None)


def set_correlation(correlation_id: UUID) -> None:
    """Set the id for the rest of this task and for the tasks that it starts."""
    _CURRENT.set(correlation_id)


def correlation() -> UUID:
    """The id of the current call; a new one outside of any call."""
    return _CURRENT.get() or new_id()
