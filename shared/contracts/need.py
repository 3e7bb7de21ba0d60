"""The need as the requester described it. It travels inside the events, so that no service asks another for it.

What the form asks for is declared here once, in the groups of its steps: type, bounds, and how it reads on a page
(`Reads`). A draft may lack any of it; `Need` says what a request that was sent always has.
"""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.event import Fact
from shared.contracts.texts import Account, Cents, Day, Finess, Line, Paragraphs
from shared.contracts.vocabulary import AnyDataClass, AnyRequestKind, AnyUrgency, DataClass, RequestKind, Urgency
from shared.contracts.words import Label, Words

ReadsAs = Literal["text", "word", "domain", "cpv", "day", "count", "hours", "euros", "yes_no"]


@dataclass(frozen=True, slots=True)
class Reads:
    """How a field reads on the pages of requester, reviewer and buyer: its name in French and the form of its value.

    `once_known`: a row that is left out while nothing is filled in. `head`: it stands at the top of pages by itself,
    and in no list of facts.
    """

    label: str
    form: ReadsAs = "text"
    unit: str = ""
    words: type[Words] | None = None
    once_known: bool = False
    head: bool = False


Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}$")]
"""Code of a business domain (`GET /demandes/api/domains`)."""
Cpv = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
"""CPV 2008 code without its check digit."""


class NatureFields(Fact):
    """What sort of request it is."""

    kind: Annotated[AnyRequestKind | None, Reads("Nature", "word", words=RequestKind)] = Field(
        default=None, description="One of the kinds of request"
    )


class NeedFields(Fact):
    """The need in the user's words, and what there is today."""

    title: Annotated[Line, Reads("Titre", head=True)] = Field(default="", description="Short title, shown in lists")
    description: Annotated[Paragraphs, Reads("Besoin", head=True)] = Field(
        default="", description="The need in the user's words, 10 characters at least"
    )
    domain: Annotated[Domain | None, Reads("Domaine", "domain")] = Field(
        default=None, description="Code of a business domain, see GET /demandes/api/domains"
    )
    replaces: Annotated[Paragraphs, Reads("Ce qu’il remplace")] = Field(
        default="", description="What it replaces; needed for a replacement"
    )
    expected_benefit: Annotated[Paragraphs, Reads("Bénéfice attendu")] = Field(
        default="", description="What should be better, so that it can be measured in service"
    )
    known_products: Annotated[Paragraphs, Reads("Produits connus")] = Field(
        default="", description="Products that the requester has heard of"
    )
    current_supplier: Annotated[Line, Reads("Fournisseur actuel", once_known=True)] = Field(
        default="", description="Needed for a renewal"
    )
    contract_ends_on: Annotated[Day | None, Reads("Fin du contrat", "day", once_known=True)] = Field(
        default=None, description="End of the current contract; needed for a renewal"
    )
    sole_supplier_reason: Annotated[Paragraphs, Reads("Pourquoi un seul fournisseur", once_known=True)] = Field(
        default="", description="Why only one supplier can do it (exclusive rights, art. R2122-3 CCP)"
    )


class UsersFields(Fact):
    """Who will use it, how many, where."""

    department: Annotated[Line, Reads("Service")] = Field(
        default="", description="Service or pôle; the requester's own when empty"
    )
    driven_by: Annotated[Line, Reads("Qui porte la demande")] = Field(
        default="", description="Function of the person who drives the need in the department, if not the requester"
    )
    users: Annotated[int | None, Reads("Utilisateurs", "count", unit="personne")] = Field(
        default=None, ge=0, le=200_000, description="How many people use it, or will; null: unknown"
    )
    sites: Annotated[Paragraphs, Reads("Lieux")] = Field(default="", description="Where it will be used")


class ContinuityFields(Fact):
    """The data, what happens when it is down, when it is wished for and what it may cost."""

    data: Annotated[AnyDataClass | None, Reads("Données", "word", words=DataClass)] = Field(
        default=None, description="The most sensitive data that it would handle"
    )
    care_stops: Annotated[bool | None, Reads("Le soin s’arrête sans lui", "yes_no")] = Field(
        default=None, description="Whether care stops when the software is down"
    )
    max_downtime_hours: Annotated[int | None, Reads("Arrêt supportable", "hours")] = Field(
        default=None,
        ge=0,
        le=8760,
        description="Hours without it that the department can bear; needed where care stops",
    )
    wished_on: Annotated[Day | None, Reads("Souhaité pour", "day")] = Field(default=None, description="Date wished for")
    urgency: Annotated[AnyUrgency, Reads("Urgence", "word", words=Urgency)] = Field(default=Urgency.NORMAL)
    urgency_reason: Annotated[Paragraphs, Reads("Pourquoi c’est urgent", once_known=True)] = Field(
        default="", description="Needed above normal urgency"
    )
    estimated_amount_cents: Annotated[Cents | None, Reads("Montant estimé", "euros")] = Field(
        default=None, description="Euro cents excluding VAT over the full term; null: unknown"
    )
    cpv: Annotated[Cpv | None, Reads("Code CPV", "cpv", once_known=True)] = Field(
        default=None, description="CPV 2008 code, eight digits"
    )


class FormFields(ContinuityFields, UsersFields, NeedFields, NatureFields):
    """Everything that the form asks for, in the order of its steps (pydantic reads the bases from the last to the first)."""


def reads_of(field: str) -> Reads:
    """How a field of the form reads; raises `LookupError` where its declaration does not say it."""
    for said in FormFields.model_fields[field].metadata:
        if isinstance(said, Reads):
            return said
    raise LookupError(f"{field}: declare how it reads, with `Reads`, in shared/contracts/need.py")


def fields_of(*forms: ReadsAs) -> tuple[str, ...]:
    """The fields of the form whose values read in one of these ways."""
    return tuple(field for field in FormFields.model_fields if reads_of(field).form in forms)


class EquippedSoftware(Fact):
    """A software of the GHT's catalogue that serves the same business domain, found while the request was written."""

    entry_id: UUID
    product: Line
    domain: Domain
    establishments: tuple[Finess, ...]
    example: bool = False


class AttachedFile(Fact):
    """A file that the requester attached; its bytes stay with the request service."""

    attachment_id: UUID
    name: Line
    media_type: Line
    size: int = Field(ge=0, le=10**9)


class Need(FormFields):
    """What is asked for, by whom, for whom. Amounts are euro cents excluding VAT over the full term; None is unknown."""

    reference: Line
    requester: Account
    requester_title: Line
    establishment: Finess
    establishment_label: Label = ""
    kind: Annotated[AnyRequestKind, Reads("Nature", "word", words=RequestKind)]
    kind_label: Label = ""
    domain: Annotated[Domain, Reads("Domaine", "domain")]
    domain_label: Label = ""
    data: Annotated[AnyDataClass, Reads("Données", "word", words=DataClass)]
    data_label: Label = ""
    urgency_label: Label = ""
    care_stops: Annotated[bool, Reads("Le soin s’arrête sans lui", "yes_no")]
    equipped: tuple[EquippedSoftware, ...] = ()
    attachments: tuple[AttachedFile, ...] = ()
