"""The id that ties together what one call causes: set where a call comes in, read where a decision is written."""

from contextvars import ContextVar
from uuid import UUID

from shared.basics.ids import new_id

_CURRENT: ContextVar[UUID | None] = ContextVar("correlation_id", default=None)


def set_correlation(correlation_id: UUID) -> None:
    """For what this task does from now on, and the tasks that it starts."""
    _CURRENT.set(correlation_id)


def correlation() -> UUID:
    """The id of the call under way; a new one where nobody called."""
    return _CURRENT.get() or new_id()
