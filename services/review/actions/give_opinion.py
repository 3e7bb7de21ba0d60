"""A reviewer closes a check with an opinion; the last one of a case decides the review."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from services.review.actions.answer_items import ItemAnswer, lacking, merged
from services.review.actions.carry_out import carry_out
from services.review.actions.judge_reuse import ReuseJudgement, judged
from services.review.actions.take_check import held_by
from services.review.model.checklists import AnswerCode, ChecklistItem
from services.review.model.decided import decided
from services.review.model.guards import NOBODY, ensure_may_work, found
from services.review.model.refusals import (
    CheckClosed,
    CommentMissing,
    ConditionsForbidden,
    EvidenceMissing,
    ItemsUnanswered,
    NoCondition,
    NotFavourable,
)
from services.review.model.review import Check, CheckStatus, GivenOpinion, Review, State
from services.review.model.texts import Paragraph, Written
from shared.basics.calendar import today
from shared.basics.errors import FieldError, Invalid
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.reviews import OpinionGivenV1
from shared.contracts.vocabulary import Opinion
from shared.identity.person import Person
from shared.program.running import Running

MOST_WORDS = 30_000
"""Characters of the conditions of one check: those of all checks go out in one event."""


class GiveOpinion(BaseModel):
    """An opinion on one check.

    Every item that concerns the request must be answered: before (`PUT …/answers`), in `answers`, or, for those that
    have no answer of their own, all at once with `"checklist": "all_met"` and a `comment` that says on what evidence.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "opinion": "favourable",
                    "checklist": "all_met",
                    "comment": "Dossier technique de l’éditeur relu, environnement de test visité le 12 novembre.",
                },
                {
                    "opinion": "favourable_with_conditions",
                    "checklist": "all_met",
                    "comment": "Dossier relu ; un point reste à lever.",
                    "conditions": ["Livrer la procédure de mode dégradé avant la mise en service."],
                },
                {"opinion": "unfavourable", "comment": "L’éditeur refuse l’accès par le bastion."},
            ]
        },
    )

    opinion: Opinion
    comment: Paragraph = Field("", description="Required when unfavourable, and with `all_met`")
    conditions: tuple[Written, ...] = Field((), max_length=50, description="Duties that come with the opinion")
    checklist: Literal["all_met"] | None = Field(
        None, description="`all_met`: every item without an answer is met, on the evidence that `comment` states"
    )
    answers: dict[str, ItemAnswer | None] = Field(
        default_factory=dict,  # a default of `{}` would be copied deeply for each opinion
        max_length=200,
        description="Answers given with the opinion, by item id",
        json_schema_extra={"default": {}},
    )
    reuse: tuple[ReuseJudgement, ...] = Field(
        (), max_length=50, description="Functional check: whether the equipped software of the need would do"
    )


async def give_opinion(
    running: Running[State], person: Person, case_id: UUID, kind: str, command: GiveOpinion, now: datetime
) -> Review:
    """Close a check with an opinion, the last of which decides the review; raises `CheckClosed`, `ItemsUnanswered`, …"""
    return await carry_out(
        running, person, case_id, kind, "opinion_given",
        lambda review, standing_in: decide(review, person, kind, command, now, standing_in), now,
    )  # fmt: skip


def decide(
    state: State, person: Person, kind: str, command: GiveOpinion, now: datetime, standing_in: frozenset[str] = NOBODY
) -> Outcome[State]:
    """Close the check with this opinion. Takes it for the reviewer where nobody holds it."""
    review, check = found(state, person, kind)
    if check.given is not None and check.given.reviewer == person.id:
        return _again(review, check, check.given, command, person)
    ensure_may_work(review, check, person, standing_in)
    check, given = concluded(review, held_by(check, person), command, person, now)
    review = review.with_check(check)
    told = OpinionGivenV1(
        case_id=review.case_id,
        check=kind,
        check_label=check.kind_label,
        opinion=given.opinion,
        opinion_label=command.opinion.label,
        conditions=len(given.conditions),
        given_at=now,
        reviewer_title=person.title,
    )
    kept = TrailEntry("opinion_given", person.id, person.title, given.comment, _figures(review, check, given))
    if not all(one.closed for one in review.checks):
        return Outcome(review, (told,), (kept,), result=review)
    end = decided(review, now)
    return Outcome(end.state, (told, *end.events), (kept, *end.trail), result=end.state)


def concluded(
    review: Review, check: Check, command: GiveOpinion, person: Person, now: datetime
) -> tuple[Check, GivenOpinion]:
    """The check closed with this opinion; raises what stands against it."""
    answers = merged(review, check, command.answers)
    met = check.met
    if command.checklist == "all_met":
        if not command.comment:
            raise EvidenceMissing(errors=(FieldError("comment", EvidenceMissing.public),))
        met = command.comment
    check = replace(check, answers=answers, met=met)
    if command.opinion == Opinion.UNFAVOURABLE:
        if not command.comment:
            raise CommentMissing(errors=(FieldError("comment", CommentMissing.public),))
        if command.conditions:
            raise ConditionsForbidden(errors=(FieldError("conditions", ConditionsForbidden.public),))
        conditions: tuple[str, ...] = ()
    else:
        conditions = _conditions(review.items(check), check, command, today(now))
    given = GivenOpinion(
        opinion=command.opinion,
        comment=command.comment,
        conditions=conditions,
        reviewer=person.id,
        reviewer_title=person.title,
        given_at=now,
        reuse=judged(review, check.kind, command.reuse),
    )
    return replace(check, status=CheckStatus.CLOSED, given=given), given


def _conditions(items: tuple[ChecklistItem, ...], check: Check, command: GiveOpinion, today: date) -> tuple[str, ...]:
    """What follows from the points that lack something, and the reviewer's own; raises where they and the opinion disagree."""
    if lacks := lacking(items, check, today):
        raise ItemsUnanswered(errors=lacks)
    answers = check.answers
    if not command.comment and any(
        answer.value == AnswerCode.YES and not answer.evidence for answer in answers.values()
    ):
        raise EvidenceMissing(errors=(FieldError("comment", EvidenceMissing.public),))
    missing = [
        (item, answers[item.id].evidence)
        for item in items
        if item.id in answers and answers[item.id].value == AnswerCode.NO
    ]
    own = dict.fromkeys(command.conditions)
    conditions = (*(f"{item.question} {evidence}" for item, evidence in missing), *own)
    if command.opinion == Opinion.FAVOURABLE and conditions:
        raise NotFavourable(
            errors=tuple(
                FieldError(f"answers.{item.id}.value", f"Répondu non : {item.question}") for item, _ in missing
            )
        )
    if command.opinion == Opinion.FAVOURABLE_WITH_CONDITIONS and not conditions:
        raise NoCondition(errors=(FieldError("conditions", NoCondition.public),))
    if sum(map(len, conditions)) > MOST_WORDS:
        said = f"Raccourcissez les réserves : {MOST_WORDS} caractères au plus en tout."
        raise Invalid(errors=(FieldError("conditions", said),))
    return conditions


def _again(review: Review, check: Check, given: GivenOpinion, command: GiveOpinion, person: Person) -> Outcome[State]:
    """The same opinion once more is answered as the first time; another one is refused."""
    if concluded(review, check, command, person, given.given_at)[0] != check:
        raise CheckClosed("Votre avis est déjà rendu, et il était différent. Seule la coordination peut arbitrer.")
    return Outcome(review, result=review)


def _figures(review: Review, check: Check, given: GivenOpinion) -> dict[str, object]:
    figures: dict[str, object] = {"check": check.kind, "opinion": given.opinion, "checklist": check.version}
    if given.conditions:
        figures["conditions"] = given.conditions
    if check.answers:
        figures["answers"] = {name: answer.value for name, answer in check.answers.items()}
    if check.met:
        figures["stated_met"] = [item.id for item in review.items(check) if item.id not in check.answers]
    return figures
