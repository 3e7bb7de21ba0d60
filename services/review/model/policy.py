"""How long a check and an answer may take: French working days, from dated data that the DSI may change."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from shared.basics.calendar import add_working_days
from shared.contracts.vocabulary import CheckKind, Urgency
from shared.reference.files import BadReferenceData

PATH = Path(__file__).parents[1] / "data" / "policies.json"


class NoPolicy(LookupError):
    """No policy is valid on this day: the data must be completed before a review can open."""


class Policy(BaseModel):
    """One version of the delays. `working_days` holds every kind of check."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    valid_from: date
    valid_to: date | None
    source: str = Field(min_length=3)
    working_days: dict[CheckKind, int]
    high_urgency_divisor: int = Field(ge=1)
    critical_working_days: int = Field(ge=1)
    answer_working_days: int = Field(ge=1)

    @model_validator(mode="after")
    def _every_check_has_its_delay(self) -> "Policy":
        if set(self.working_days) != set(CheckKind) or min(self.working_days.values()) < 1:
            raise ValueError("every kind of check needs a delay of at least one working day")
        return self

    def delay(self, kind: CheckKind, urgency: Urgency) -> int:
        """Working days that a check of this kind may take."""
        usual = self.working_days[kind]
        if urgency is Urgency.CRITICAL:
            return min(usual, self.critical_working_days)
        if urgency is Urgency.HIGH:
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
def due_date(kind: CheckKind, urgency: Urgency, opened_on: date) -> date:
    """The day by which a check opened that day is to be given back."""
    return add_working_days(opened_on, policy(opened_on).delay(kind, urgency))


@lru_cache(maxsize=64)
def answer_date(asked_on: date) -> date:
    """The day by which the requester's answer is expected."""
    return add_working_days(asked_on, policy(asked_on).answer_working_days)


@lru_cache(maxsize=1)
def _policies() -> tuple[Policy, ...]:
    return load(PATH)
