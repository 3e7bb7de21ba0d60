"""The form as it reads back, by step, in words."""

from services.request.pages.steps import STEPS
from services.request.store.reads import CaseFile
from shared.web.pages.need_facts import Fact, facts_of


def sections(case: CaseFile) -> list[tuple[str, str, list[Fact]]]:
    """Slug, name and rows of each step."""
    form = case.form.model_copy(update={"department": case.department})
    return [(step.slug, step.label, facts_of(form, step.fields, unfilled=True)) for step in STEPS]
