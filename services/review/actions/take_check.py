"""A reviewer takes a check from its queue: colleagues see who has it, and so does the requester."""

from msgspec.structs import replace

from services.review.model.guards import NOBODY, may_work, of_kind, seen, works
from services.review.model.review import Check, Review
from shared.casework.decide import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.reviews import CheckTakenV1
from shared.contracts.vocabulary import CheckKind
from shared.identity.person import Person


def take_check(
    review: Review | None, kind: CheckKind, person: Person, standing_in: frozenset[str] = NOBODY
) -> Outcome[Review | None]:
    """Take a check; again by its holder changes nothing; a substitute takes it over from an absent colleague."""
    works(person, kind)
    review = seen(review, person)
    check = of_kind(review, kind)
    may_work(review, check, person, standing_in)
    if check.holder == person.id:
        return Outcome(review, result=review)
    events, trail = taken(review, check, person)
    check = held_by(check, person)
    review = review.with_check(check)
    return Outcome(review, events, trail, result=review)


def held_by(check: Check, person: Person) -> Check:
    """The check in these hands; a stopped clock stays stopped."""
    if check.holder == person.id:
        return check
    status = "taken" if check.status == "to_take" else check.status
    return replace(check, status=status, holder=person.id, holder_title=person.title)


def taken(review: Review, check: Check, person: Person) -> tuple[tuple[CheckTakenV1], tuple[TrailEntry]]:
    """What is told and kept when a check changes hands."""
    event = CheckTakenV1(
        case_id=review.case_id,
        check=check.kind,
        reviewer=person.id,
        reviewer_title=person.title,
        due_on=check.due_on,
    )
    detail = {"check": check.kind} if check.holder is None else {"check": check.kind, "in_place_of": check.holder}
    return (event,), (TrailEntry("check_taken", person.id, person.title, detail=detail),)
