"""The form of a check: one answer, one evidence and maybe one date per item, then the opinion."""

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from services.review.model.checklists import ChecklistItem
from services.review.model.review import Check
from shared.basics.errors import Refusal
from shared.web.http.validation import field_errors
from shared.web.pages.forms import Form

M = TypeVar("M", bound=BaseModel)
PARTS = {"value": "a", "evidence": "p", "until": "j"}


def filled(check: Check, question: Form | None = None) -> Form:
    """The form as the check stands, beside the `question` that was typed and refused."""
    values: dict[str, Any] = {"question": question.get("question")} if question else {}
    for item, answer in check.answers.items():
        values |= {f"a-{item}": answer.value, f"p-{item}": answer.evidence, f"j-{item}": answer.until or ""}
    form = Form(values)
    if question:
        form.errors, form.refusal = question.errors, question.refusal
    return form


def answers_in(form: Form, items: Sequence[ChecklistItem]) -> dict[str, Any]:
    """What was ticked and written, as the API takes it."""
    given: dict[str, Any] = {}
    for item in items:
        value = form.get(f"a-{item.id}")
        if value:
            until = form.get(f"j-{item.id}") or None
            given[item.id] = {"value": value, "evidence": form.get(f"p-{item.id}"), "until": until}
    return given


def reuse_in(form: Form, entries: Sequence[str]) -> list[dict[str, Any]]:
    """What was said of the software that the GHT already runs."""
    fits = {"yes": True, "no": False}
    return [
        {"entry_id": entry, "fits": fits[form.get(f"r-{entry}")], "reason": form.get(f"m-{entry}")}
        for entry in entries
        if form.get(f"r-{entry}") in fits
    ]


def lines_in(form: Form, name: str) -> list[str]:
    """One entry per line that is not blank."""
    return [line.strip() for line in form.get(name).splitlines() if line.strip()]


def parsed(form: Form, model: type[M], data: dict[str, Any], entries: Sequence[str] = ()) -> M | None:
    """The command, or None with the form's errors beside their fields."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for wrong in field_errors(error.errors(include_url=False)):
            form.add_error(field_of(wrong.field, entries), wrong.message)
        return None


def refused(form: Form, refusal: Refusal, entries: Sequence[str] = ()) -> None:
    """Show why the model said no, beside the fields it names."""
    form.refusal = refusal.public
    for error in refusal.errors:
        form.add_error(field_of(error.field, entries), error.message)


def field_of(path: str, entries: Sequence[str]) -> str:
    """The form field behind a path of the API: `answers.backup.evidence` is `p-backup`."""
    parts = path.split(".")
    if parts[0] == "answers" and len(parts) > 1:
        return f"{PARTS.get(parts[-1], 'a')}-{parts[1]}"
    if parts[0] == "reuse" and len(parts) > 1 and parts[1].isdecimal() and int(parts[1]) < len(entries):
        return f"{'m' if parts[-1] == 'reason' else 'r'}-{entries[int(parts[1])]}"
    return parts[0]
