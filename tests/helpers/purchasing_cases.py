"""Cases for the tests of purchasing: a need, a verdict, a market, a buyer."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from services.purchasing.actions.open_purchase import review_decided
from services.purchasing.model.example_market import example_market
from services.purchasing.model.market import Agreement, Market, Policy
from services.purchasing.model.purchase import Purchase, PurchaseFile
from shared.contracts.events.reviews import CheckOpinion, Condition, ReuseAssessment, ReviewDecidedV1
from shared.contracts.need import Need
from shared.contracts.vocabulary import CheckKind, DataClass, Opinion, RequestKind, Verdict
from shared.identity.demo import DEMO_ACCOUNTS, SUPPORT
from shared.identity.person import Person, Role

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ROANNE = "420780033"
FOREZ = "420013831"
BUYER = DEMO_ACCOUNTS["buyer"].person
NOBODY_ELSE = "Un seul éditeur détient les droits et le code du logiciel en service."


def need(**given: Any) -> Need:
    """A need that no framework agreement covers, of an establishment without direct purchase."""
    values: dict[str, Any] = {
        "reference": "D-2026-0147",
        "kind": RequestKind.NEW,
        "title": "Planification du bloc opératoire",
        "description": "Le planning du bloc est tenu sur un tableau blanc.",
        "requester": "requester-roanne",
        "requester_title": "Pharmacien, pharmacie à usage intérieur",
        "establishment": ROANNE,
        "department": "Bloc opératoire",
        "domain": "bloc-operatoire",
        "data": DataClass.HEALTH,
        "care_stops": True,
    }
    return Need(**{**values, **given})


def verdict(
    case_id: UUID | None = None,
    *,
    decision: Verdict = Verdict.FAVOURABLE,
    conditions: tuple[str, ...] = (),
    reuse: tuple[ReuseAssessment, ...] = (),
    **given: Any,
) -> ReviewDecidedV1:
    """What the review says."""
    return ReviewDecidedV1(
        case_id=case_id or uuid4(),
        decided_at=NOW,
        verdict=decision,
        opinions=(
            CheckOpinion(check=CheckKind.FUNCTIONAL, opinion=Opinion.FAVOURABLE, reviewer_title="Chef de projet"),
        ),
        conditions=tuple(Condition(check=CheckKind.SECURITY, check_label="Sécurité", text=text) for text in conditions),
        reuse=reuse,
        need=need(**given),
    )


def contact(member: str) -> Person:
    """Who answers censuses for a member of the GHT."""
    roles = frozenset({Role.MEMBER_CONTACT})
    return Person("contact", "Correspondant GHT", roles, member, "DSI", frozenset({member}))


def market(*agreements: Agreement, policies: tuple[Policy, ...] = ()) -> Market:
    """A market of one's own."""
    return Market(1, agreements, policies)


def agreement(**given: Any) -> Agreement:
    """An agreement in force for Roanne that covers planning of the operating theatre."""
    values: dict[str, Any] = {
        "agreement_id": uuid4(),
        "body": "UniHA",
        "kind": "order",
        "title": "Bloc opératoire",
        "number": "M-1",
        "cpv": ("48814300",),
        "domains": ("bloc-operatoire",),
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2027, 12, 31),
        "ceiling_cents": None,
        "consumed_cents": 0,
        "may_order": "listed",
        "orderers": (ROANNE, SUPPORT),
        "named_at_start": True,
        "suppliers": ("Fournisseur exemple A",),
        "note": "",
        "example": False,
    }
    return Agreement(**{**values, **given})


def opened(known: Market | None = None, event: ReviewDecidedV1 | None = None, **given: Any) -> PurchaseFile:
    """A purchase opened by a favourable verdict."""
    return review_decided(PurchaseFile(None, known or market()), event or verdict(**given), NOW).state


def purchase(file: PurchaseFile) -> Purchase:
    """The purchase of a file that has one."""
    assert file.purchase is not None
    return file.purchase


def examples() -> Market:
    """The market of a local system."""
    return example_market(NOW.date())
