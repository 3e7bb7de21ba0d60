"""The coordinator hands a check to another reviewer, with a reason."""

from pydantic import BaseModel, ConfigDict, Field

from services.review.actions.take_check import held_by, taken
from services.review.model.guards import coordinates, of_kind, seen
from services.review.model.refusals import CheckClosed, UnfitReviewer
from services.review.model.review import QUEUE_ROLES, Review
from services.review.model.texts import Line
from shared.basics.errors import FieldError
from shared.casework.decide import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.vocabulary import CheckKind
from shared.identity.person import Person


class ReassignCheck(BaseModel):
    """Who shall work the check from now on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reviewer": "reviewer-functional-2"}]})

    reviewer: Line = Field(min_length=1, description="Account of the reviewer, see GET /instruction/api/reviewers")
    reason: Line = Field("", description="For the trail")


def reassign_check(
    review: Review | None, kind: CheckKind, command: ReassignCheck, chosen: Person | None, person: Person
) -> Outcome[Review | None]:
    """Put the check into other hands: of somebody who works that queue, sees the establishment, and did not ask for it."""
    coordinates(person)
    review = seen(review, person)
    check = of_kind(review, kind)
    if check.closed:
        raise CheckClosed
    if chosen is None or QUEUE_ROLES[kind] not in chosen.roles or not chosen.may_see(review.establishment):
        raise UnfitReviewer(errors=(FieldError("reviewer", UnfitReviewer.public),))
    if chosen.id == review.requester:
        why = "Cette personne est à l’origine de la demande : choisissez un de ses collègues."
        raise UnfitReviewer(why, errors=(FieldError("reviewer", why),))
    if check.holder == chosen.id:
        return Outcome(review, result=review)
    events, _ = taken(review, check, chosen)
    kept = TrailEntry(
        "check_reassigned", person.id, person.title, command.reason,
        {"check": kind, "from": check.holder, "to": chosen.id},
    )  # fmt: skip
    check = held_by(check, chosen)
    review = review.with_check(check)
    return Outcome(review, events, (kept,), result=review)
