"""How long a check and an answer may take: French working days, from dated data that the DSI may change."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from shared.basics.calendar import add_working_days
from shared.contracts.vocabulary import CheckKind, Urgency
from shared.reference.files import BadReferenceData

PATH = Path(__file__).parents[1] / "data" / "policies.json"
DEFAULT = "default"


class NoPolicy(LookupError):
    """No policy is valid on this day: the data must be completed before a review can open."""


class Policy(BaseModel):
    """One version of the delays. `working_days` by kind of check; `default` is for kinds without a row of their own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    valid_from: date
    valid_to: date | None
    source: str = Field(min_length=3)
    working_days: dict[str, Annotated[int, Field(ge=1)]]
    high_urgency_divisor: int = Field(ge=1)
    critical_working_days: int = Field(ge=1)
    answer_working_days: int = Field(ge=1)

    @field_validator("working_days")
    @classmethod
    def _has_a_default(cls, days: dict[str, int]) -> dict[str, int]:
        if DEFAULT not in days or not days.keys() <= {DEFAULT, *CheckKind}:
            raise ValueError("working_days holds `default` and kinds of check")
        return days

    def delay(self, kind: str, urgency: str) -> int:
        """Working days that a check of this kind may take."""
        usual = self.working_days.get(kind, self.working_days[DEFAULT])
        if urgency == Urgency.CRITICAL:
            return min(usual, self.critical_working_days)
        if urgency == Urgency.HIGH:
            return -(-usual // self.high_urgency_divisor)
        return usual


def load(path: Path) -> tuple[Policy, ...]:
    """The versions of a policy file; raises `BadReferenceData`."""
    try:
        return TypeAdapter(tuple[Policy, ...]).validate_json(path.read_bytes())
    except ValidationError as error:
        raise BadReferenceData(path, None, str(error)) from error


@lru_cache(maxsize=64)
def policy(on: date) -> Policy:
    """The policy that counts on this day; raises `NoPolicy`."""
    for version in _policies():
        if version.valid_from <= on and (version.valid_to is None or on <= version.valid_to):
            return version
    raise NoPolicy(f"no delays are valid on {on}: add them to {PATH.name}")


@lru_cache(maxsize=512)
def due_date(kind: str, urgency: str, opened_on: date) -> date:
    """The day by which a check opened that day is to be given back."""
    return add_working_days(opened_on, policy(opened_on).delay(kind, urgency))


@lru_cache(maxsize=64)
def answer_date(asked_on: date) -> date:
    """The day by which the requester's answer is expected."""
    return add_working_days(asked_on, policy(asked_on).answer_working_days)


@lru_cache(maxsize=1)
def _policies() -> tuple[Policy, ...]:
    return load(PATH)
