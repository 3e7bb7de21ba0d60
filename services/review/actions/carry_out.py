"""How every act on a review is carried out: once more for a substitute whose colleague is absent, then open pages hear of it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from services.review.actions.live import LIVE
from services.review.model.guards import NOBODY
from services.review.model.refusals import HeldByAnother
from services.review.model.review import Review, State
from services.review.store.absences import absent_colleagues_of
from services.review.words import ANNOUNCED
from shared.basics.calendar import today
from shared.casework.outcome import Outcome
from shared.identity.person import Person
from shared.program.running import Running

Decision = Callable[[State, frozenset[str]], Outcome[State]]
"""From the state, and the absent colleagues for whom the person stands in."""


async def carry_out(
    running: Running[State],
    person: Person,
    case_id: UUID,
    kind: str | None,
    action: str,
    decision: Decision,
    now: datetime,
) -> Review:
    """The review after the act, once it is on disk; raises its refusal. `action` is the word of the trail."""
    try:
        review: Review = await running.decide(person, case_id, lambda state: decision(state, NOBODY), now)
    except HeldByAnother as refusal:
        # Rare: who stands in for whom is only looked up when it matters.
        standing_in = await absent_colleagues_of(running.pool, person.id, today(now))
        if refusal.detail.get("holder") not in standing_in:
            raise
        review = await running.decide(person, case_id, lambda state: decision(state, standing_in), now)
    LIVE.announce(review, kind, person.id, ANNOUNCED[action])
    return review
