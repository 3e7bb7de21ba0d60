"""The requester withdrew the request: its checks leave their queues."""

from datetime import datetime

from msgspec.structs import replace

from services.review.model.review import Check, CheckStatus, Review
from shared.basics.errors import NotFound
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.requests import RequestWithdrawnV1


def close_withdrawn(review: Review | None, event: RequestWithdrawnV1, _now: datetime) -> Outcome[Review | None]:
    """Close what is open; opinions already given stay readable. A second withdrawal changes nothing."""
    if review is None:
        raise NotFound("Aucune instruction n’est ouverte pour ce dossier.")
    if review.status == "withdrawn":
        return Outcome(review)
    closed = replace(
        review,
        status="withdrawn",
        outlook=replace(review.outlook, withdrawn_reason=event.reason),
        checks=tuple(without_opinion(check) for check in review.checks),
    )
    return Outcome(closed, trail=(TrailEntry("review_withdrawn", "system", "Retrait par le demandeur", event.reason),))


def without_opinion(check: Check) -> Check:
    """The check closed as it stands; one that is closed already stays itself."""
    return check if check.closed else replace(check, status=CheckStatus.CLOSED)
