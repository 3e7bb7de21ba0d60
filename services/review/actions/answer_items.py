"""A reviewer answers items of the checklist, some now and some later; what is missing is only asked at the opinion."""

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from services.review.actions.take_check import held_by, taken
from services.review.model.checklists import AnswerCode, ChecklistItem
from services.review.model.guards import NOBODY, may_work, of_kind, seen, works
from services.review.model.refusals import UnknownItem
from services.review.model.review import Answer, Check, Review
from services.review.model.texts import Paragraph
from shared.basics.errors import FieldError
from shared.casework.decide import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.vocabulary import CheckKind
from shared.identity.person import Person

LATEST = date(2100, 1, 1)
EXPLAINED: frozenset[AnswerCode] = frozenset({"not_applicable", "derogation"})
"""Answers that need their reason whatever the item says: they take a point out of the study."""
SAID_OF: dict[AnswerCode, str] = {
    "no": "Dites ce qui manque : ce point deviendra une réserve. « {} »",
    "not_applicable": "Dites pourquoi ce point ne s’applique pas : « {} »",
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


def answer_items(
    review: Review | None,
    kind: CheckKind,
    command: AnswerItems,
    person: Person,
    standing_in: frozenset[str] = NOBODY,
) -> Outcome[Review | None]:
    """Keep these answers. Takes the check for the reviewer where nobody holds it."""
    works(person, kind)
    review = seen(review, person)
    check = of_kind(review, kind)
    may_work(review, check, person, standing_in)
    answers = merged(review, check, command.answers)
    if answers == check.answers and check.holder is not None:
        return Outcome(review, result=review)
    events, trail = taken(review, check, person) if check.holder != person.id else ((), ())
    check = replace(held_by(check, person), answers=answers)
    changed = [item for item, answer in command.answers.items() if answer is not None]
    kept = TrailEntry("items_answered", person.id, person.title, detail={"check": kind, "items": changed})
    review = review.with_check(check)
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
            until = answer.until if answer.value == "derogation" else None
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
        said = SAID_OF.get(answer.value, "Écrivez le constat et sa preuve pour « {} »").format(item.question)
        errors.append(FieldError(f"answers.{item.id}.evidence", said))
    if answer.value == "derogation" and answer.until is None:
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
