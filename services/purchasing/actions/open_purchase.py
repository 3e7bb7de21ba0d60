"""A verdict opens a purchase and proposes its route at once; an unfavourable one, or a withdrawal, closes it."""

from dataclasses import replace
from datetime import datetime

from services.purchasing.model.events import census_closed, route_proposed
from services.purchasing.model.purchase import Purchase, PurchaseFile, Review, State, Work
from services.purchasing.model.routing.propose import WORKING_DAYS_TO_DECIDE, due, proposed, reuse_of
from shared.casework.decide import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.case import CaseEvent
from shared.contracts.events.requests import RequestWithdrawnV1
from shared.contracts.events.reviews import ReviewDecidedV1
from shared.contracts.vocabulary import Verdict

UNFAVOURABLE = "L’instruction a rendu une décision défavorable : il n’y a rien à acheter."
WITHDRAWN = "Le demandeur a retiré sa demande."
SYSTEM = "system"


def review_decided(file: PurchaseFile, event: ReviewDecidedV1, now: datetime) -> Outcome[PurchaseFile]:
    """What a verdict does, the first one or one that overrules it."""
    purchase = _with_review(file.purchase, event)
    before = file.purchase.state if file.purchase else State.CLOSED
    if purchase.review.withdrawn is not None:
        return _done(file, purchase, (), _trail("verdict_after_withdrawal", "Règle d’ouverture", WITHDRAWN, event))
    if before is State.DECIDED:
        return _done(file, purchase, (), _trail("verdict_after_decision", "Règle d’ouverture", "", event))
    if event.verdict is Verdict.UNFAVOURABLE:
        closed, events = close(purchase, UNFAVOURABLE, now)
        return _done(file, closed, events, _trail("purchase_not_opened", "Règle d’ouverture", UNFAVOURABLE, event))
    if before is State.CENSUS:
        return _done(file, purchase, (), _trail("verdict_during_census", "Règle d’ouverture", "", event))
    return _open(file, purchase, event, now)


def request_withdrawn(file: PurchaseFile, event: RequestWithdrawnV1, now: datetime) -> Outcome[PurchaseFile]:
    """The requester gave the request up: nothing more is bought, and a later verdict opens nothing."""
    purchase = file.purchase or Purchase(event.case_id, State.CLOSED, None, Review())
    if purchase.review.withdrawn is not None:
        return Outcome(file)
    purchase = replace(purchase, review=replace(purchase.review, withdrawn=event.reason))
    closed, events = close(purchase, WITHDRAWN, now)
    trail = TrailEntry("purchase_closed", SYSTEM, "Retrait par le demandeur", WITHDRAWN)
    return Outcome(replace(file, purchase=closed), events, (trail,))


def close(purchase: Purchase, because: str, now: datetime) -> tuple[Purchase, tuple[CaseEvent, ...]]:
    """End a purchase without buying; members who were being asked are told."""
    events: tuple[CaseEvent, ...] = ()
    work, asking = replace(purchase.work, closed_because=because), purchase.work.census
    if purchase.state is State.CENSUS and asking is not None:
        work = replace(work, census=replace(asking, closed_at=now))
        events = (census_closed(purchase, asking, now, dropped=True),)
    return replace(purchase, state=State.CLOSED, deadline_at=None, late_since=None, work=work), events


def _open(file: PurchaseFile, purchase: Purchase, event: ReviewDecidedV1, now: datetime) -> Outcome[PurchaseFile]:
    if purchase.opened_at is None or purchase.state is State.CLOSED:
        purchase = replace(
            purchase,
            opened_at=now,
            deadline_at=due(now, WORKING_DAYS_TO_DECIDE),
            work=replace(purchase.work, closed_because="", decision=None, census=None),
        )
    routed = proposed(purchase, file.market, now)
    proposal = routed.work.proposal
    assert proposal is not None  # noqa: S101 - proposed() has just made it
    version = proposal.explanation.table_version
    detail = {
        "route": proposal.route,
        "rule": proposal.explanation.rule_id,
        "table_version": version,
        "verdict": event.verdict,
        "amount_cents": proposal.amount_cents,
        "missing_facts": proposal.explanation.missing_facts,
    }
    trail = TrailEntry("route_proposed", SYSTEM, f"Table de décision {version}", "", detail)
    return Outcome(replace(file, purchase=routed), (route_proposed(routed, proposal),), (trail,))


def _with_review(purchase: Purchase | None, event: ReviewDecidedV1) -> Purchase:
    review = Review(
        verdict=event.verdict,
        decided_at=event.decided_at,
        conditions=tuple([condition.text for condition in event.conditions]),
        withdrawn=purchase.review.withdrawn if purchase else None,
    )
    review = reuse_of(event.reuse, review, equipped=bool(event.need.equipped))
    if purchase is None:
        return Purchase(event.case_id, State.CLOSED, event.need, review, Work())
    return replace(purchase, need=event.need, review=review)


def _done(
    file: PurchaseFile, purchase: Purchase, events: tuple[CaseEvent, ...], trail: TrailEntry
) -> Outcome[PurchaseFile]:
    return Outcome(replace(file, purchase=purchase), events, (trail,))


def _trail(action: str, title: str, reason: str, event: ReviewDecidedV1) -> TrailEntry:
    return TrailEntry(action, SYSTEM, title, reason, {"verdict": event.verdict})
