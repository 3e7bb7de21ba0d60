"""The example requests, the example catalogue, and the script of each case with its expected outcome."""

from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.contracts.vocabulary import CensusAnswer, CheckKind, Opinion, Route, Verdict
from shared.reference.directory import directory
from shared.reference.files import BadReferenceData

FOLDER = Path(__file__).parent / "demo"
REQUESTS = FOLDER / "requests.csv"
CATALOGUE = FOLDER / "catalogue.csv"
SCRIPT = FOLDER / "demo_script.json"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ScriptedCheck(_Part):
    """What the reviewer of one check concludes; `evidence` stands for every item of the checklist."""

    opinion: Opinion
    evidence: str = Field(min_length=1)
    conditions: tuple[str, ...]
    comment: str

    @model_validator(mode="after")
    def _texts_are_given(self) -> Self:
        if bool(self.conditions) is not (self.opinion is Opinion.FAVOURABLE_WITH_CONDITIONS):
            raise ValueError("conditions go with a conditional opinion, and only with it")
        if self.opinion is Opinion.UNFAVOURABLE and not self.comment:
            raise ValueError("an unfavourable opinion needs its comment")
        return self


UNSCRIPTED = ScriptedCheck(
    opinion=Opinion.FAVOURABLE,
    evidence="Dossier relu avec l’équipe qui demande.",
    conditions=(),
    comment="Dossier relu.",
)
"""For a check of a kind that the script of a case does not name."""


class ScriptedReuse(_Part):
    """The reuse assessment of the functional check, for any software of the GHT in the same domain."""

    fits: bool
    reason: str


class ScriptedQuestion(_Part):
    """A question of a reviewer, and what the requester answers."""

    check: CheckKind
    question: str
    answer: str


class ScriptedOverruling(_Part):
    """What the coordinator decides against the opinions."""

    verdict: Verdict
    reason: str


class ScriptedCost(_Part):
    """Cost lines in euro cents excluding VAT."""

    licences_cents: int = 0
    subscription_per_year_cents: int = 0
    maintenance_per_year_cents: int = 0
    hosting_per_year_cents: int = 0
    integration_cents: int = 0
    training_cents: int = 0
    renewal_fees_cents: int = 0

    def total_cents(self, years: int) -> int:
        """The cost over the full term."""
        once = self.licences_cents + self.integration_cents + self.training_cents + self.renewal_fees_cents
        yearly = self.subscription_per_year_cents + self.maintenance_per_year_cents + self.hosting_per_year_cents
        return once + years * yearly


class ScriptedPurchase(_Part):
    """What the buyer learns: both forms, the one retained, exclusive rights. The launch date is the day of the demo."""

    term_years: int
    renewal_years: int
    bought: ScriptedCost | None
    rented: ScriptedCost | None
    retained: Literal["bought", "rented"]
    exclusive_rights: Literal["yes", "no"]
    justification: str
    cpv: str | None

    @property
    def amount_cents(self) -> int:
        """The cost of the retained form over the full term."""
        cost = self.bought if self.retained == "bought" else self.rented
        if cost is None:
            raise ValueError("the retained form has no cost")
        return cost.total_cents(self.term_years + self.renewal_years)


class ScriptedOverride(_Part):
    """The other route that the buyer chooses, with the reason."""

    route: Route
    reason: str


class ScriptedCensus(_Part):
    """What members answer, by FINESS. A member left out keeps the census open until its deadline."""

    answers: dict[str, CensusAnswer]


class Expected(_Part):
    """The expected outcome: `proposed` by the table, `route` decided, `rule` of the last explanation, or None."""

    verdict: Verdict
    proposed: Route | None
    route: Route | None
    rule: str | None


class DemoLine(_Part):
    """The script of one example request."""

    reference: str
    checks: dict[CheckKind, ScriptedCheck]
    reuse: ScriptedReuse | None = None
    question: ScriptedQuestion | None = None
    overruling: ScriptedOverruling | None = None
    purchase: ScriptedPurchase | None = None
    override: ScriptedOverride | None = None
    census: ScriptedCensus | None = None
    expected: Expected

    @model_validator(mode="after")
    def _members_exist(self) -> Self:
        answers = self.census.answers if self.census else {}
        if unknown := set(answers) - set(directory().establishments):
            raise ValueError(f"{self.reference}: not in the directory: {sorted(unknown)}")
        return self


class BadLine(_Part):
    """A line of the file that must be refused, and the column at fault."""

    reference: str
    field: str


class DemoScript(_Part):
    """The whole script: one entry per good line, in the order of the file."""

    about: str
    example: Literal[True]
    lines: tuple[DemoLine, ...]
    bad_lines: tuple[BadLine, ...]

    def line(self, reference: str) -> DemoLine:
        """The entry of a request; raises `KeyError`."""
        for line in self.lines:
            if line.reference == reference:
                return line
        raise KeyError(reference)


@lru_cache(maxsize=1)
def demo_script() -> DemoScript:
    """The script shipped with the product, read and validated once."""
    try:
        return DemoScript.model_validate_json(SCRIPT.read_bytes())
    except ValidationError as error:
        raise BadReferenceData(SCRIPT, None, str(error)) from error
