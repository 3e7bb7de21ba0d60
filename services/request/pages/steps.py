"""The steps of the form as pages: their names, their fields as people type them, the way from one to the next."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import field_validator

from services.request.model.form import ContinuityStep, NatureStep, NeedStep, RequestForm, Step, UsersStep
from shared.basics.errors import FieldError
from shared.basics.french import parse_euros

_SPACES = re.compile(r"[\s\u00a0\u202f]")


class UsersPage(UsersStep):
    """Numbers may be typed with spaces."""

    @field_validator("users", mode="before")
    @classmethod
    def _number(cls, typed: Any) -> Any:
        return _SPACES.sub("", typed) if isinstance(typed, str) else typed


class ContinuityPage(ContinuityStep):
    """Money is typed in euros."""

    @field_validator("estimated_amount_cents", mode="before")
    @classmethod
    def _euros(cls, typed: Any) -> Any:
        return parse_euros(typed) if isinstance(typed, str) else typed


@dataclass(frozen=True, slots=True)
class FormStep:
    """One page of the form."""

    slug: str
    label: str
    heading: str
    model: type[Step]

    @property
    def template(self) -> str:
        """Its template."""
        return f"request/step_{self.slug}.html"

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it asks for."""
        return tuple(self.model.model_fields)


STEPS: tuple[FormStep, ...] = (
    FormStep("nature", "Nature", "Que souhaitez-vous ?", NatureStep),
    FormStep("besoin", "Besoin", "De quoi avez-vous besoin ?", NeedStep),
    FormStep("utilisateurs", "Utilisateurs", "Qui s’en servira, et où ?", UsersPage),
    FormStep("continuite", "Données et continuité", "Quelles données, et que se passe-t-il sans lui ?", ContinuityPage),
)
CHECK = "verification"
LABELS = (*(step.label for step in STEPS), "Vérifier et envoyer")
BY_SLUG = {step.slug: step for step in STEPS}


def next_slug(slug: str) -> str:
    """The step that follows."""
    place = STEPS.index(BY_SLUG[slug])
    return STEPS[place + 1].slug if place + 1 < len(STEPS) else CHECK


def step_of(field: str) -> FormStep:
    """The step that asks for a field."""
    return next((step for step in STEPS if field in step.fields), STEPS[0])


def by_step(missing: tuple[FieldError, ...]) -> dict[str, list[FieldError]]:
    """What is missing, under the step where it is asked for."""
    found: dict[str, list[FieldError]] = {}
    for each in missing:
        found.setdefault(step_of(each.field).slug, []).append(each)
    return found


def typed(form: RequestForm) -> dict[str, Any]:
    """The form as people would type it."""
    values = {name: value for name, value in form.model_dump(mode="json").items() if value is not None}
    if form.estimated_amount_cents is not None:
        euros = Decimal(form.estimated_amount_cents) / 100
        values["estimated_amount_cents"] = (
            f"{euros:f}".rstrip("0").rstrip(".").replace(".", ",") if euros % 1 else f"{euros:.0f}"
        )
    return values
