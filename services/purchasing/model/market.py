"""What the GHT knows of its market: framework agreements, direct purchase policies, published routing tables."""

from datetime import date
from typing import Final, Literal, get_args
from uuid import UUID

import msgspec

from services.purchasing.model.routing.document import TableDocument
from services.purchasing.model.routing.facts import AgreementKind
from services.purchasing.model.routing.table import NoRoutingTable, shipped_table
from shared.contracts.words import Words, label_of

BodyCode = Literal["UniHA", "Resah", "UGAP", "CAIH"]
BODIES: Final[tuple[BodyCode, ...]] = get_args(BodyCode)
"""The central purchasing bodies in the order in which the GHT turns to them (existence: art. L2113-2 CCP)."""


class MayOrder(Words):
    """Who may order from an agreement."""

    EVERYONE = "everyone", "Tous les établissements du GHT"
    LISTED = "listed", "Les établissements cochés"
    UNKNOWN = "unknown", "Pas encore vérifié", "warn"


class Agreement(msgspec.Struct, frozen=True):
    """What a central purchasing body has already negotiated. `named_at_start` None: nobody has read the list of buyers yet."""

    agreement_id: UUID
    body: str
    kind: str
    title: str
    number: str
    cpv: tuple[str, ...]
    domains: tuple[str, ...]
    valid_from: date
    valid_to: date
    ceiling_cents: int | None
    consumed_cents: int
    may_order: str
    orderers: tuple[str, ...]
    named_at_start: bool | None
    suppliers: tuple[str, ...]
    note: str
    example: bool
    withdrawn: bool = False
    revision: int = 1

    @property
    def name(self) -> str:
        """« UniHA, Logiciels de bloc opératoire »."""
        return f"{self.body}, {self.title}"

    @property
    def kind_label(self) -> str:
        """What is left to do before one buys."""
        return label_of(AgreementKind, self.kind)

    @property
    def left_cents(self) -> int | None:
        """What may still be ordered; None where the ceiling is unknown."""
        return None if self.ceiling_cents is None else self.ceiling_cents - self.consumed_cents


class Policy(msgspec.Struct, frozen=True):
    """From a day on, whether an establishment may buy directly below the exemption threshold; the latest start counts."""

    policy_id: UUID
    establishment: str
    allowed: bool
    valid_from: date
    source: str
    example: bool


class Market(msgspec.Struct, frozen=True, eq=False):
    """All of it at one version; read once and shared by every decision until somebody changes it."""

    version: int
    agreements: tuple[Agreement, ...] = ()
    policies: tuple[Policy, ...] = ()
    tables: tuple[TableDocument, ...] = ()
    in_scope: dict[tuple[str, str | None], tuple[Agreement, ...]] = msgspec.field(default_factory=dict)
    """Agreements by domain and CPV, filled by `coverage` as needs arrive."""

    def table_on(self, launch: date) -> TableDocument:
        """The table with the latest start that has begun on a launch date; raises NoRoutingTable before the first."""
        begun = [t for t in (shipped_table(), *self.tables) if t.valid_from <= launch]
        if not begun:
            raise NoRoutingTable(f"no routing table decides {launch}")
        return max(begun, key=lambda t: t.valid_from)

    def direct_purchase_allowed(self, establishment: str, on: date) -> bool:
        """Off unless the establishment's policy of that day allows it."""
        begun = [p for p in self.policies if p.establishment == establishment and p.valid_from <= on]
        return bool(begun) and max(begun, key=lambda p: p.valid_from).allowed

    def agreement(self, agreement_id: UUID) -> Agreement | None:
        """The agreement of this id."""
        return next((a for a in self.agreements if a.agreement_id == agreement_id), None)
