"""Every act on a review goes this way: through the desk, and once more for a substitute whose colleague is absent."""

from collections.abc import Callable
from uuid import UUID

from services.review.actions.live import FLUX
from services.review.actions.manage_absences import absent_colleagues_of
from services.review.model.guards import NOBODY
from services.review.model.refusals import HeldByAnother
from services.review.model.review import Review
from shared.basics import clock
from shared.basics.calendar import today
from shared.casework.decide import Outcome, Work
from shared.contracts.vocabulary import CheckKind
from shared.identity.person import Person
from shared.program.running import Running

State = Review | None
Decide = Callable[[State, frozenset[str]], Outcome[State]]


async def carry_out(
    running: Running[State],
    person: Person,
    case_id: UUID,
    decide: Decide,
    correlation_id: UUID,
    kind: CheckKind | None,
    what: str,
) -> Review:
    """The review after the act, on disk; raises its refusal. `what` is said to colleagues whose pages are open."""
    try:
        review = await _once(running, person, case_id, decide, correlation_id, NOBODY)
    except HeldByAnother as refusal:
        # Rare: who stands in for whom is only looked up when it matters.
        standing_in = await absent_colleagues_of(running.pool, person.id, today(clock.now()))
        if refusal.detail.get("holder") not in standing_in:
            raise
        review = await _once(running, person, case_id, decide, correlation_id, standing_in)
    FLUX.announce(review, kind, person.id, what)
    return review


async def _once(
    running: Running[State],
    person: Person,
    case_id: UUID,
    decide: Decide,
    correlation_id: UUID,
    standing: frozenset[str],
) -> Review:
    work = Work(case_id, person.scope, lambda state: decide(state, standing), clock.now(), correlation_id)
    review: Review = await running.desk.run(work)
    return review
