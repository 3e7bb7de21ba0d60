"""One id per request, in every log line and in the events that it causes."""

from typing import Any
from uuid import UUID

from litestar import Request
from structlog.contextvars import bind_contextvars

from shared.basics.correlation import set_correlation
from shared.basics.ids import random_id

HEADER = b"x-correlation-id"
_KEY = "correlation_id"


def correlation_id(request: Request[Any, Any, Any]) -> UUID:
    """The caller's `X-Correlation-Id` where it is a UUID, else a new one; the same for the whole request."""
    state = request.scope["state"]
    known = state.get(_KEY)
    if known is None:
        known = state[_KEY] = _sent(request) or random_id()
    return known


def bind(request: Request[Any, Any, Any]) -> None:
    """Bind the id to the logs of this request and to the events that it causes."""
    found = correlation_id(request)
    set_correlation(found)
    bind_contextvars(correlation_id=str(found))


def _sent(request: Request[Any, Any, Any]) -> UUID | None:
    for name, value in request.scope["headers"]:
        if name == HEADER:
            try:
                return UUID(value.decode("ascii"))
            except ValueError:  # another format: use an id of our own
                return None
    return None
