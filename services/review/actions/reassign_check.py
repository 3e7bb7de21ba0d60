"""The coordinator hands a check to another reviewer, with a reason."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.review.actions.carry_out import carry_out
from services.review.actions.take_check import held_by, taken
from services.review.model.check_kinds import works
from services.review.model.guards import ensure_coordinates, of_kind, seen
from services.review.model.refusals import CheckClosed, UnfitReviewer
from services.review.model.review import Review, State
from services.review.model.texts import Line
from services.review.store.people import reviewer
from shared.basics.errors import FieldError
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.identity.person import Person
from shared.program.running import Running


class ReassignCheck(BaseModel):
    """Who shall work the check from now on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reviewer": "reviewer-functional-2"}]})

    reviewer: Line = Field(min_length=1, description="Account of the reviewer, see GET /instruction/api/reviewers")
    reason: Line = Field("", description="For the trail")


async def reassign_check(
    running: Running[State], person: Person, case_id: UUID, kind: str, command: ReassignCheck, now: datetime
) -> Review:
    """Put the check into other hands; raises `OtherQueue`, `UnfitReviewer`, `CheckClosed`, …"""
    chosen = reviewer(command.reviewer)
    return await carry_out(
        running, person, case_id, kind, "check_reassigned",
        lambda review, _: decide(review, person, kind, command, chosen), now,
    )  # fmt: skip


def decide(state: State, person: Person, kind: str, command: ReassignCheck, chosen: Person | None) -> Outcome[State]:
    """Into the hands of somebody who works that queue, sees the establishment, and is not the requester."""
    ensure_coordinates(person)
    review = seen(state, person)
    check = of_kind(review, kind)
    if check.closed:
        raise CheckClosed
    if chosen is None or not works(chosen, kind) or not chosen.may_see(review.establishment):
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
    review = review.with_check(held_by(check, chosen))
    return Outcome(review, events, (kept,), result=review)
