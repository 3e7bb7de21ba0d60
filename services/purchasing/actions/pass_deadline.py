"""Deadlines: a census closes at its own, and a purchase that nobody decided is told to the buyer, once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.purchasing.actions.open_purchase import SYSTEM
from services.purchasing.model.census import close_census
from services.purchasing.model.events import purchase_late
from services.purchasing.model.purchase import WAITING, PurchaseFile, State
from shared.casework.decide import Outcome, Work
from shared.casework.trail import TrailEntry
from shared.database.postgres import EVERYTHING, Db
from shared.program.running import Running

PASSED: Final = "SELECT case_id FROM purchase WHERE deadline_at <= $1 ORDER BY deadline_at LIMIT $2"
WAITING_FOR: Final = {State.TO_QUALIFY: "qualification", State.TO_CONFIRM: "route_decision"}


class PurchaseDeadlines:
    """Purchases that have waited past their deadline."""

    async def passed(self, db: Db, now: datetime, limit: int) -> Sequence[UUID]:
        """Oldest deadline first."""
        return [row[0] for row in await db.fetch(PASSED, now, limit)]


def deadline_passed(file: PurchaseFile, now: datetime) -> Outcome[PurchaseFile]:
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
    trail = TrailEntry("purchase_late", SYSTEM, "Échéance", "", {"waiting_for": waiting_for, "due_at": due_at})
    return Outcome(replace(file, purchase=late), (purchase_late(purchase, due_at, waiting_for),), (trail,))


async def act_on_deadline(running: Running[PurchaseFile], case_id: UUID, now: datetime) -> Any:
    """What the sweep does with one case."""
    return await running.desk.run(Work(case_id, EVERYTHING, lambda file: deadline_passed(file, now), now))
