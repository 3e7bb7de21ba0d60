"""The review service, as a table of contents: what it hears, what it does, what it shows."""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from services.review.actions.on_events import CASEWORK
from services.review.actions.pass_deadline import ReviewDeadlines, tell_lateness
from services.review.api import HANDLERS as API
from services.review.model.review import Review
from services.review.pages import HANDLERS as PAGES
from services.review.store.reviews import ReviewStore
from shared.casework.decide import Memory, Work
from shared.contracts.events.requests import RequestSubmittedV2
from shared.database.postgres import EVERYTHING
from shared.program.running import Running
from shared.program.service import Service

State = Review | None


async def deadline_passed(running: Running[State], case_id: UUID, now: datetime) -> Any:
    """A check of this review is late: whoever is waited for is told."""
    await running.desk.run(Work(case_id, EVERYTHING, lambda review: tell_lateness(review, now), now))


SERVICE: Service[State] = Service(
    name="review",
    store=ReviewStore(),
    casework=CASEWORK,
    deadlines=ReviewDeadlines(),
    deadline_passed=deadline_passed,
    pages=PAGES,
    api=API,
    templates=Path(__file__).parent / "templates",
    memory=lambda: Memory(as_read=lambda review: review, nothing=None),
    opened_by=frozenset({RequestSubmittedV2}),
)
