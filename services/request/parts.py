"""The request service as a value: what the plumbing runs, and what its own handlers find beside it."""

from dataclasses import dataclass, field
from typing import Any, cast

from litestar.datastructures import State as AppState

from services.request.model.request import State
from services.request.store.equipped import Equipped
from services.request.store.references import References
from shared.casework.desk import Desk
from shared.database.postgres import Pool
from shared.program.running import Running
from shared.program.service import Service


@dataclass(frozen=True)
class RequestService(Service[State]):
    """One assembly of the service, with the memory that belongs to it."""

    references: References = field(default_factory=References)
    equipped: Equipped = field(default_factory=Equipped)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a use case needs."""

    pool: Pool
    desk: Desk[State]
    references: References
    equipped: Equipped


def parts_of_running(running: Running[State]) -> Parts:
    """The parts of a service at work."""
    service = cast("RequestService", running.service)
    return Parts(running.pool, running.desk, service.references, service.equipped)


def parts_of(state: AppState | Any) -> Parts:
    """The parts behind a handler: `parts_of(request.app.state)`; made once per application."""
    known = state.get("parts")
    if known is None:
        known = state["parts"] = parts_of_running(state.running)
    return cast("Parts", known)
