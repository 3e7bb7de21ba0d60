"""A check goes back to its queue: by its holder, by their substitute, or by the coordinator."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from services.review.actions.carry_out import carry_out
from services.review.actions.take_check import in_hands
from services.review.model.guards import NOBODY, of_kind, seen
from services.review.model.refusals import CheckClosed, HeldByAnother, OtherQueue
from services.review.model.review import CheckStatus, Review, State
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.identity.person import REVIEWERS, Person, Role
from shared.program.running import Running

MAY_RELEASE: Final = (Role.COORDINATOR, *sorted(REVIEWERS))


async def release_check(running: Running[State], person: Person, case_id: UUID, kind: str, now: datetime) -> Review:
    """Give a check back; raises `HeldByAnother`, `CheckClosed`, …"""
    return await carry_out(
        running, person, case_id, kind, "check_released",
        lambda review, standing_in: decide(review, person, kind, standing_in), now,
    )  # fmt: skip


def decide(state: State, person: Person, kind: str, standing_in: frozenset[str] = NOBODY) -> Outcome[State]:
    """Give a check back; answers and questions stay with it. A check that nobody holds stays as it is."""
    if not person.has(*MAY_RELEASE):
        raise OtherQueue
    review = seen(state, person)
    check = of_kind(review, kind)
    if check.closed:
        raise CheckClosed
    if check.holder is None:
        return Outcome(review, result=review)
    if check.holder != person.id and check.holder not in standing_in and not person.has(Role.COORDINATOR):
        raise HeldByAnother(holder=check.holder)
    # While the requester's answer is awaited, the clock stays stopped: only the hands change.
    status = CheckStatus.TO_TAKE if check.status == CheckStatus.TAKEN else check.status
    freed = replace(check, status=status, holder=None, holder_title="")
    kept = TrailEntry("check_released", person.id, person.title, detail={"check": kind, "held_by": check.holder})
    review = review.with_check(freed)
    return Outcome(review, (in_hands(review, freed),), (kept,), result=review)
