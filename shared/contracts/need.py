"""The need as the requester described it. Events carry it, so that no service asks another for it."""

from datetime import date
from uuid import UUID

from shared.contracts.event import Fact
from shared.contracts.vocabulary import AnyDataClass, AnyRequestKind, AnyUrgency, Urgency
from shared.contracts.words import Label


class EquippedSoftware(Fact):
    """A software of the GHT's catalogue that serves the same business domain, found while the request was written."""

    entry_id: UUID
    product: str
    domain: str
    establishments: tuple[str, ...]
    example: bool = False


class AttachedFile(Fact):
    """A file that the requester attached; its bytes stay with the request service."""

    attachment_id: UUID
    name: str
    media_type: str
    size: int


class Need(Fact):
    """What is asked for, by whom, for whom. Amounts are euro cents excluding VAT over the full term; None is unknown."""

    reference: str
    kind: AnyRequestKind
    kind_label: Label = ""
    title: str
    description: str
    requester: str
    requester_title: str
    establishment: str
    department: str
    domain: str
    users: int | None = None
    sites: str = ""
    replaces: str = ""
    data: AnyDataClass
    data_label: Label = ""
    care_stops: bool
    max_downtime_hours: int | None = None
    wished_on: date | None = None
    urgency: AnyUrgency = Urgency.NORMAL
    urgency_label: Label = ""
    urgency_reason: str = ""
    known_products: str = ""
    estimated_amount_cents: int | None = None
    cpv: str | None = None
    current_supplier: str = ""
    contract_ends_on: date | None = None
    sole_supplier_reason: str = ""
    equipped: tuple[EquippedSoftware, ...] = ()
    attachments: tuple[AttachedFile, ...] = ()
