"""Deadlines: a census closes at its own, and a purchase that nobody decided is told to the buyer, once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from services.purchasing.actions.close_census import close_census
from services.purchasing.actions.events import purchase_late
from services.purchasing.model.purchase import WAITING, PurchaseFile, State
from services.purchasing.store.purchases import purchases_past_deadline
from services.purchasing.words import DEADLINE, SYSTEM
from shared.casework.decide import Work
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.database.postgres import EVERYTHING, Db
from shared.program.running import Running

WAITING_FOR: Final = {State.TO_QUALIFY: "qualification", State.TO_CONFIRM: "route_decision"}


class PurchaseDeadlines:
    """Purchases that have waited past their deadline."""

    async def passed(self, db: Db, now: datetime, limit: int) -> Sequence[UUID]:
        """Oldest deadline first."""
        return await purchases_past_deadline(db, now, limit)


async def pass_deadline(running: Running[PurchaseFile], case_id: UUID, now: datetime) -> Any:
    """What the sweep does with one case."""
    return await running.desk.run(Work(case_id, EVERYTHING, lambda file: decide(file, now), now))


def decide(file: PurchaseFile, now: datetime) -> Outcome[PurchaseFile]:
    """Close the census, or tell the buyer; a deadline that moved meanwhile does nothing."""
    purchase = file.purchase
    if purchase is None or purchase.deadline_at is None or purchase.deadline_at > now:
        return Outcome(file)
    if purchase.state is State.CENSUS:
        return close_census(file, now)
    due_at, late = purchase.deadline_at, replace(purchase, deadline_at=None, late_since=purchase.deadline_at)
    if purchase.state not in WAITING:
        return Outcome(replace(file, purchase=replace(purchase, deadline_at=None)))
    waiting_for = WAITING_FOR[purchase.state]
    entry = TrailEntry("purchase_late", SYSTEM, DEADLINE, "", {"waiting_for": waiting_for, "due_at": due_at})
    return Outcome(replace(file, purchase=late), (purchase_late(purchase, due_at, waiting_for),), (entry,))
