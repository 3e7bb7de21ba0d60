"""Framework agreements of central purchasing bodies, as a GHT enters them (art. L2113-2 CCP); examples are shipped."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.purchasing.model.market import BodyCode
from services.purchasing.model.routing.facts import AgreementKind
from shared.reference import cpv, directory, domains
from shared.reference.files import BadReferenceData

PATH = Path(__file__).parents[1] / "data" / "agreements_example.json"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Body(_Part):
    """A central body and its members among us: FINESS or GHT codes."""

    code: BodyCode
    members: tuple[str, ...]
    example: bool


class Agreement(_Part):
    """One framework agreement. Amounts are euro cents excluding VAT; None is unknown. No domain means every domain."""

    id: UUID
    reference: str = Field(min_length=1)
    example: bool
    body: BodyCode
    title: str = Field(min_length=1)
    kind: AgreementKind
    suppliers: tuple[str, ...]
    scope_cpv: tuple[str, ...] = Field(min_length=1)
    domains: tuple[str, ...]
    valid_from: date
    valid_to: date
    ceiling_cents: int | None = Field(ge=0)
    consumed_cents: int | None = Field(ge=0)
    may_order: tuple[str, ...] | Literal["all_members_of_body"]
    named_at_start: bool | None
    source: str
    note: str

    @model_validator(mode="after")
    def _known_words(self) -> Self:
        if self.valid_to < self.valid_from:
            raise ValueError(f"{self.reference}: ends before it starts")
        if unknown := [code for code in self.scope_cpv if not cpv.exists(code)]:
            raise ValueError(f"{self.reference}: not CPV codes: {unknown}")
        if unknown := [code for code in self.domains if code not in domains.domains()]:
            raise ValueError(f"{self.reference}: unknown domains: {unknown}")
        if self.may_order != "all_members_of_body":
            _refuse_unknown_buyers(self.reference, self.may_order)
        return self


class AgreementBook(_Part):
    """The whole file."""

    about: str
    example: bool
    bodies: tuple[Body, ...]
    agreements: tuple[Agreement, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for body in self.bodies:
            _refuse_unknown_buyers(body.code, body.members)
        ids = [agreement.id for agreement in self.agreements]
        if len(set(ids)) != len(ids):
            raise ValueError("two agreements share an id")
        return self

    def buyers(self, agreement: Agreement) -> tuple[str, ...]:
        """Who may order: FINESS or GHT codes."""
        if agreement.may_order != "all_members_of_body":
            return agreement.may_order
        return tuple(code for body in self.bodies if body.code == agreement.body for code in body.members)


def _refuse_unknown_buyers(where: str, codes: tuple[str, ...]) -> None:
    book = directory.directory()
    if unknown := [code for code in codes if code not in book.ghts and code not in book.establishments]:
        raise ValueError(f"{where}: neither a GHT nor a FINESS of the directory: {unknown}")


def load(path: Path) -> AgreementBook:
    """Read and check the file; raises BadReferenceData."""
    try:
        return AgreementBook.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise BadReferenceData(path, None, str(error)) from error


@lru_cache(maxsize=1)
def example_book() -> AgreementBook:
    """The agreements that ship with the product: examples, marked as such."""
    return load(PATH)
