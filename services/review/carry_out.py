"""Every act on a review goes this way: through the desk, and once more for a substitute whose colleague is absent."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from services.review.absences import absent_colleagues_of
from services.review.flux import FLUX, Moved
from services.review.guards import NOBODY
from services.review.model import Review
from services.review.refusals import HeldByAnother
from services.review.working_day import today
from shared import clock
from shared.casework import Outcome, Work
from shared.identity.person import Person
from shared.service import Running

State = Review | None
Decide = Callable[[State, frozenset[str]], Outcome[State]]


async def carry_out(
    running: Running[State],
    person: Person,
    case_id: UUID,
    decide: Decide,
    correlation_id: UUID,
    moved: Moved | None = None,
) -> Any:
    """The result of the act, on disk; raises its refusal. `moved` is announced to colleagues who look on."""
    try:
        result = await _once(running, person, case_id, decide, correlation_id, NOBODY)
    except HeldByAnother as refusal:
        # Rare: who stands in for whom is only looked up when it matters.
        standing_in = await absent_colleagues_of(running.pool, person.id, today(clock.now()))
        if refusal.detail.get("holder") not in standing_in:
            raise
        result = await _once(running, person, case_id, decide, correlation_id, standing_in)
    if moved is not None:
        FLUX.announce(moved)
    return result


async def _once(
    running: Running[State],
    person: Person,
    case_id: UUID,
    decide: Decide,
    correlation_id: UUID,
    standing: frozenset[str],
) -> Any:
    work = Work(case_id, person.scope, lambda state: decide(state, standing), clock.now(), correlation_id)
    return await running.desk.run(work)
