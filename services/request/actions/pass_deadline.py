"""Deadlines of requests: which have passed, and what that does: somebody is told, once, and it is kept in the trail."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from msgspec.structs import replace

from services.request.model.request import State
from services.request.model.waiting import overdue
from shared.casework.decide import Work
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.database.postgres import EVERYTHING, Db
from shared.program.running import Running

log = structlog.get_logger()

PASSED = "SELECT case_id FROM request WHERE deadline_at <= $1 ORDER BY deadline_at LIMIT $2"


class RequestDeadlines:
    """What the sweep asks."""

    async def passed(self, db: Db, now: datetime, limit: int) -> Sequence[UUID]:
        """Requests whose deadline passed, oldest first."""
        return [row[0] for row in await db.fetch(PASSED, now, limit)]


async def pass_deadline(running: Running[State], case_id: UUID, now: datetime) -> None:
    """Tell whoever is waited for that something is late; told already is a success."""
    log.info("request_deadline_passed", case_id=str(case_id))
    await running.desk.run(Work(case_id, EVERYTHING, lambda state: decide(state, now), now))


def decide(state: State, now: datetime) -> Outcome[State]:
    """Say what is overdue, once per deadline: it then shows on the pages of those who are told."""
    if state is None:
        return Outcome(state)
    late = [waiting for waiting in overdue(state.follow_up, now) if waiting.key not in state.follow_up.told]
    if not late:
        return Outcome(state)
    told = (*state.follow_up.told, *(waiting.key for waiting in late))
    trail = tuple(
        TrailEntry(
            "deadline_passed",
            "system",
            "Échéance",
            waiting.sentence,
            {"waiting_for": waiting.key, "due_at": waiting.due_at.isoformat(), "told": waiting.told},
        )
        for waiting in late
    )
    follow_up = replace(state.follow_up, told=told)
    return Outcome(replace(state, follow_up=follow_up), trail=trail)
