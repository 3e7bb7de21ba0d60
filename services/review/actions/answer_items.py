"""A reviewer answers items of the checklist, some now and some later; what is missing is only asked at the opinion."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from services.review.actions.carry_out import carry_out
from services.review.actions.take_check import held_by, taken
from services.review.model.checklists import AnswerCode, ChecklistItem
from services.review.model.guards import NOBODY, ensure_may_work, found
from services.review.model.refusals import UnknownItem
from services.review.model.review import Answer, Check, Review, State
from services.review.model.texts import Paragraph
from shared.basics.errors import FieldError
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.identity.person import Person
from shared.program.running import Running

LATEST = date(2100, 1, 1)
EXPLAINED: frozenset[str] = frozenset({AnswerCode.NOT_APPLICABLE, AnswerCode.DEROGATION})
"""Answers that need their reason whatever the item says: they take a point out of the study."""
EXPLAIN: dict[str, str] = {
    AnswerCode.NO: "Dites ce qui manque : ce point deviendra une réserve. « {} »",
    AnswerCode.NOT_APPLICABLE: "Dites pourquoi ce point ne s’applique pas : « {} »",
}


class ItemAnswer(BaseModel):
    """The answer to one item."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: AnswerCode = Field(description="The item says which of these it accepts")
    evidence: Paragraph = Field("", description="What was seen, and where; what is missing when the answer is no")
    until: date | None = Field(None, lt=LATEST, description="Last day of a derogation")


class AnswerItems(BaseModel):
    """Answers to some items of a check. Answers already given to other items stay; `null` takes an answer back."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"answers": {"backup": {"value": "no", "evidence": "Pas de copie hors ligne."}}}]
        },
    )

    answers: dict[str, ItemAnswer | None] = Field(max_length=200, description="By item id")


async def answer_items(
    running: Running[State], person: Person, case_id: UUID, kind: str, command: AnswerItems, now: datetime
) -> Review:
    """Keep some answers of a checklist; raises `UnknownItem`, `HeldByAnother`, `CheckClosed`, …"""
    return await carry_out(
        running, person, case_id, kind, "items_answered",
        lambda review, standing_in: decide(review, person, kind, command, standing_in), now,
    )  # fmt: skip


def decide(
    state: State, person: Person, kind: str, command: AnswerItems, standing_in: frozenset[str] = NOBODY
) -> Outcome[State]:
    """Keep these answers. Takes the check for the reviewer where nobody holds it."""
    review, check = found(state, person, kind)
    ensure_may_work(review, check, person, standing_in)
    answers = merged(review, check, command.answers)
    if answers == check.answers and check.holder is not None:
        return Outcome(review, result=review)
    events, trail = taken(review, check, person)
    changed = [item for item, answer in command.answers.items() if answer is not None]
    kept = TrailEntry("items_answered", person.id, person.title, detail={"check": kind, "items": changed})
    review = review.with_check(replace(held_by(check, person), answers=answers))
    return Outcome(review, events, (*trail, kept), result=review)


def merged(review: Review, check: Check, given: Mapping[str, ItemAnswer | None]) -> dict[str, Answer]:
    """The answers of a check after these; raises `UnknownItem`."""
    if not given:
        return check.answers
    items = {item.id: item for item in review.items(check)}
    errors = tuple(
        _unknown(name, items.get(name)) for name, answer in given.items() if _is_unknown(items, name, answer)
    )
    if errors:
        raise UnknownItem(errors=errors)
    answers = dict(check.answers)
    for name, answer in given.items():
        if answer is None:
            answers.pop(name, None)
        else:
            until = answer.until if answer.value == AnswerCode.DEROGATION else None
            answers[name] = Answer(answer.value, answer.evidence, until)
    return answers


def lacking(items: tuple[ChecklistItem, ...], check: Check, today: date) -> tuple[FieldError, ...]:
    """What the checklist still waits for, item by item, in its order."""
    return tuple(error for item in items for error in _lacks(item, check.answers.get(item.id), bool(check.met), today))


def _lacks(item: ChecklistItem, answer: Answer | None, met: bool, today: date) -> list[FieldError]:
    if answer is None:
        return [] if met else [FieldError(f"answers.{item.id}.value", f"Répondez à « {item.question} »")]
    errors = []
    if (answer.value in EXPLAINED or answer.value in item.evidence_required_for) and not answer.evidence:
        said = EXPLAIN.get(answer.value, "Écrivez le constat et sa preuve pour « {} »").format(item.question)
        errors.append(FieldError(f"answers.{item.id}.evidence", said))
    if answer.value == AnswerCode.DEROGATION and answer.until is None:
        said = f"Donnez la date de fin de la dérogation pour « {item.question} »"
        errors.append(FieldError(f"answers.{item.id}.until", said))
    elif answer.until is not None and answer.until < today:
        errors.append(FieldError(f"answers.{item.id}.until", f"La dérogation est déjà échue pour « {item.question} »"))
    return errors


def _is_unknown(items: Mapping[str, ChecklistItem], name: str, answer: ItemAnswer | None) -> bool:
    item = items.get(name)
    return item is None or (answer is not None and answer.value not in item.answers)


def _unknown(name: str, item: ChecklistItem | None) -> FieldError:
    if item is None:
        return FieldError(f"answers.{name}.value", "Ce point ne concerne pas cette demande.")
    return FieldError(f"answers.{name}.value", f"Ce point accepte : {', '.join(item.answers)}.")
