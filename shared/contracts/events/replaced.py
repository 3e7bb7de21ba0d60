"""Former versions, still readable, each with its upcast to the present one. Nothing produces them any more."""

from datetime import date, datetime
from typing import ClassVar

from shared.contracts.event import CaseEvent, Fact
from shared.contracts.events.requests import TOPIC, RequestSubmittedV2
from shared.contracts.need import AttachedFile, EquippedSoftware, Need
from shared.contracts.vocabulary import DataClass, RequestKind, Urgency


class NeedV1(Fact):
    """The need as `request-submitted.v1` carries it: closed words, euro cents excluding VAT."""

    reference: str
    kind: RequestKind
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
    data: DataClass
    care_stops: bool
    max_downtime_hours: int | None = None
    wished_on: date | None = None
    urgency: Urgency = Urgency.NORMAL
    urgency_reason: str = ""
    known_products: str = ""
    estimated_amount_cents: int | None = None
    cpv: str | None = None
    current_supplier: str = ""
    contract_ends_on: date | None = None
    sole_supplier_reason: str = ""
    equipped: tuple[EquippedSoftware, ...] = ()
    attachments: tuple[AttachedFile, ...] = ()


class RequestSubmittedV1(CaseEvent):
    """A requester sent a request: the case begins. Replaced by V2, whose words are open and carry their labels."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.request-submitted.v1"

    submitted_at: datetime
    need: NeedV1

    def upcast(self) -> RequestSubmittedV2:
        """The same need; labels are those of the tables."""
        need = self.need
        labels = {"kind_label": need.kind.label, "data_label": need.data.label, "urgency_label": need.urgency.label}
        return RequestSubmittedV2(
            case_id=self.case_id,
            submitted_at=self.submitted_at,
            need=Need.model_validate(need.model_dump(mode="json") | labels),
        )
