"""A withdrawal of the request, or an unfavourable verdict, ends a purchase without buying."""

from datetime import datetime

from msgspec.structs import replace

from services.purchasing.actions.events import census_closed
from services.purchasing.model.purchase import Purchase, PurchaseFile, Review, State
from services.purchasing.words import REQUESTER_WITHDREW, SYSTEM, WITHDRAWN
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.event import CaseEvent
from shared.contracts.events.requests import RequestWithdrawnV1


def request_withdrawn(file: PurchaseFile, event: RequestWithdrawnV1, now: datetime) -> Outcome[PurchaseFile]:
    """The requester gave the request up: nothing more is bought, and a later verdict opens nothing."""
    purchase = file.purchase or Purchase(event.case_id, State.CLOSED, None, Review())
    if purchase.review.withdrawn is not None:
        return Outcome(file)
    purchase = replace(purchase, review=replace(purchase.review, withdrawn=event.reason))
    closed, events = close(purchase, WITHDRAWN, now)
    entry = TrailEntry("purchase_closed", SYSTEM, REQUESTER_WITHDREW, WITHDRAWN)
    return Outcome(replace(file, purchase=closed), events, (entry,))


def close(purchase: Purchase, because: str, now: datetime) -> tuple[Purchase, tuple[CaseEvent, ...]]:
    """End a purchase without buying; members who were being asked are told."""
    events: tuple[CaseEvent, ...] = ()
    work, census = replace(purchase.work, closed_because=because), purchase.work.census
    if purchase.state is State.CENSUS and census is not None:
        work = replace(work, census=replace(census, closed_at=now))
        events = (census_closed(purchase, census, now, dropped=True),)
    return replace(purchase, state=State.CLOSED, deadline_at=None, late_since=None, work=work), events
