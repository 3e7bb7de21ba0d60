"""The form of a request, in the four steps in which people fill it in. A draft may hold any part of it."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from shared.basics.texts import ONE_LINE, READABLE
from shared.contracts.vocabulary import DataClass, RequestKind, Urgency
from shared.reference.cpv import codes, normalise
from shared.reference.domains import domains

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
"""Dates outside of these are typing errors."""


def _domain(code: str) -> str:
    if code not in domains():
        raise ValueError("Choisissez un domaine de la liste.")
    return code


def _cpv(written: str) -> str:
    try:
        code = normalise(written)
    except ValueError:
        code = ""
    if code not in codes():
        raise ValueError("Ce code CPV n’existe pas : écrivez huit chiffres, par exemple 48180000.")
    return code


def _plausible(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValueError("Vérifiez l’année : cette date est trop lointaine.")
    return day


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), ONE_LINE]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000), READABLE]
Day = Annotated[date, AfterValidator(_plausible)]


class Step(BaseModel):
    """A part of the form."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NatureStep(Step):
    """What sort of request it is."""

    kind: RequestKind | None = Field(default=None, description="One of the kinds of request")


class NeedStep(Step):
    """The need in the user's words, and what there is today."""

    title: Line = Field(default="", description="Short title, shown in lists")
    description: Paragraph = Field(default="", description="The need in the user's words, 10 characters at least")
    domain: Annotated[str, AfterValidator(_domain)] | None = Field(
        default=None, description="Code of a business domain, see GET /demandes/api/domains"
    )
    replaces: Paragraph = Field(default="", description="What it replaces; needed for a replacement")
    known_products: Paragraph = Field(default="", description="Products that the requester has heard of")
    current_supplier: Line = Field(default="", description="Needed for a renewal")
    contract_ends_on: Day | None = Field(default=None, description="End of the current contract; needed for a renewal")
    sole_supplier_reason: Paragraph = Field(
        default="", description="Why only one supplier can do it (exclusive rights, art. R2122-3 CCP)"
    )


class UsersStep(Step):
    """Who will use it, how many, where."""

    department: Line = Field(default="", description="Service or pôle; the requester's own when empty")
    users: int | None = Field(
        default=None, ge=0, le=200_000, description="How many people use it, or will; null: unknown"
    )
    sites: Paragraph = Field(default="", description="Where it will be used")


class ContinuityStep(Step):
    """The data, what happens when it is down, when it is wished for and what it may cost."""

    data: DataClass | None = Field(default=None, description="The most sensitive data that it would handle")
    care_stops: bool | None = Field(default=None, description="Whether care stops when the software is down")
    max_downtime_hours: int | None = Field(
        default=None,
        ge=0,
        le=8760,
        description="Hours without it that the department can bear; needed where care stops",
    )
    wished_on: Day | None = Field(default=None, description="Date wished for")
    urgency: Urgency = Field(default=Urgency.NORMAL)
    urgency_reason: Paragraph = Field(default="", description="Needed above normal urgency")
    estimated_amount_cents: int | None = Field(
        default=None, ge=0, le=10**12, description="Euro cents excluding VAT over the full term; null: unknown"
    )
    cpv: Annotated[str, StringConstraints(max_length=20), AfterValidator(_cpv)] | None = Field(
        default=None, description="CPV 2008 code, eight digits"
    )


class RequestForm(NatureStep, NeedStep, UsersStep, ContinuityStep):
    """The whole form."""


EMPTY = RequestForm()
_AS_FORM = TypeAdapter(RequestForm).dump_json


def form_text(form: RequestForm) -> str:
    """What was filled in, as JSON; what an API body has besides the form is left out."""
    return _AS_FORM(form, exclude_defaults=True).decode()
