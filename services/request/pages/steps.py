"""The steps of the form as pages: their names, their fields as people type them, the way from one to the next."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from pydantic import create_model, field_validator

from services.request.model.form import ContinuityStep, NatureStep, NeedStep, RequestForm, Step, UsersStep
from shared.basics.errors import FieldError
from shared.basics.french import parse_euros
from shared.contracts.need import fields_of

_SPACES = re.compile(r"[\s\u00a0\u202f]")
_MONEY = fields_of("euros")


class AsTyped(Step):
    """A step as people type it on a page: numbers with spaces, money in euros."""

    @field_validator(*fields_of("count", "hours"), mode="before", check_fields=False)
    @classmethod
    def _number(cls, typed: Any) -> Any:
        return _SPACES.sub("", typed) if isinstance(typed, str) else typed

    @field_validator(*_MONEY, mode="before", check_fields=False)
    @classmethod
    def _euros(cls, typed: Any) -> Any:
        return parse_euros(typed) if isinstance(typed, str) else typed


@dataclass(frozen=True)
class FormStep:
    """One page of the form."""

    slug: str
    label: str
    heading: str
    group: type[Step]

    @cached_property
    def model(self) -> type[Step]:
        """What is read of the page."""
        return create_model(f"{self.group.__name__}Page", __base__=(self.group, AsTyped))

    @property
    def template(self) -> str:
        """Its template."""
        return f"request/step_{self.slug}.html"

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it asks for."""
        return tuple(self.group.model_fields)


STEPS: tuple[FormStep, ...] = (
    FormStep("nature", "Nature", "Que souhaitez-vous ?", NatureStep),
    FormStep("besoin", "Besoin", "De quoi avez-vous besoin ?", NeedStep),
    FormStep("utilisateurs", "Utilisateurs", "Qui s’en servira, et où ?", UsersStep),
    FormStep("continuite", "Données et continuité", "Quelles données, et que se passe-t-il sans lui ?", ContinuityStep),
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
    for field in values.keys() & set(_MONEY):
        euros = Decimal(values[field]) / 100
        values[field] = f"{euros:f}".rstrip("0").rstrip(".").replace(".", ",") if euros % 1 else f"{euros:.0f}"
    return values
