"""A check goes back to its queue: by its holder, by their substitute, or by the coordinator."""

from typing import Final

from msgspec.structs import replace

from services.review.model.guards import NOBODY, of_kind, seen
from services.review.model.refusals import CheckClosed, HeldByAnother, OtherQueue
from services.review.model.review import Check, Review
from shared.casework.decide import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.reviews import CheckTakenV1
from shared.contracts.vocabulary import CheckKind
from shared.identity.person import REVIEWERS, Person, Role

MAY_RELEASE: Final = (Role.COORDINATOR, *sorted(REVIEWERS))


def release_check(
    review: Review | None, kind: CheckKind, person: Person, standing_in: frozenset[str] = NOBODY
) -> Outcome[Review | None]:
    """Give a check back; answers and questions stay with it. A check that nobody holds stays as it is."""
    if not person.has(*MAY_RELEASE):
        raise OtherQueue
    review = seen(review, person)
    check = of_kind(review, kind)
    if check.closed:
        raise CheckClosed
    if check.holder is None:
        return Outcome(review, result=review)
    if check.holder != person.id and check.holder not in standing_in and not person.has(Role.COORDINATOR):
        raise HeldByAnother(holder=check.holder)
    freed = _freed(check)
    told = CheckTakenV1(case_id=review.case_id, check=kind, reviewer=None, reviewer_title="", due_on=check.due_on)
    kept = TrailEntry("check_released", person.id, person.title, detail={"check": kind, "held_by": check.holder})
    review = review.with_check(freed)
    return Outcome(review, (told,), (kept,), result=review)


def _freed(check: Check) -> Check:
    # While the requester's answer is awaited, the clock stays stopped: only the hands change.
    status = "to_take" if check.status == "taken" else check.status
    return replace(check, status=status, holder=None, holder_title="")
