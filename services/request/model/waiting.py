"""What a case waits for, until when, and who is told when nothing came. A draft waits for nobody."""

from datetime import date, datetime, timedelta
from functools import lru_cache

import msgspec

from services.request.model.follow_up import OPEN, FollowUp, Stage, open_questions, stage_of
from shared.basics.calendar import add_working_days, end_of, today

REVIEW_STARTS_WITHIN = timedelta(minutes=15)
"""A review opens by itself, in seconds: later than that, a service or Kafka stands still."""
ROUTE_WITHIN_WORKING_DAYS = 10
"""Working days from a favourable verdict to a decided route."""


class Waiting(msgspec.Struct, frozen=True):
    """One thing that is waited for; `told` is the role that is told once `due_at` has passed."""

    key: str
    due_at: datetime
    told: str
    sentence: str


def waiting_for(follow_up: FollowUp) -> tuple[Waiting, ...]:
    """Everything that the case waits for, late or not."""
    stage = stage_of(follow_up)
    if stage not in OPEN or follow_up.submitted_at is None:
        return ()
    if stage is Stage.SUBMITTED:
        due = follow_up.submitted_at + REVIEW_STARTS_WITHIN
        return (Waiting("review", due, "platform_operator", "L’étude n’a pas commencé."),)
    if questions := open_questions(follow_up):
        return tuple(
            Waiting(
                f"answer:{question.question_id}",
                end_of(question.expected_by),
                "requester",
                "Une question de la DSI attend une réponse.",
            )
            for question in questions
        )
    approved_at = _approved_at(follow_up)
    if approved_at is not None and follow_up.decided is None:
        due = _route_due(today(approved_at))
        return (Waiting("route", due, "buyer", "La voie d’achat n’est pas décidée."),)
    return ()


def next_deadline(follow_up: FollowUp) -> datetime | None:
    """When somebody must next be told; None where nobody is waited for, or all were told."""
    return min((w.due_at for w in waiting_for(follow_up) if w.key not in follow_up.told), default=None)


def overdue(follow_up: FollowUp, now: datetime) -> tuple[Waiting, ...]:
    """What should have come by `now` and did not."""
    return tuple(w for w in waiting_for(follow_up) if w.due_at <= now)


def _approved_at(follow_up: FollowUp) -> datetime | None:
    """The favourable verdict, or what purchasing said first where its events came first."""
    if follow_up.decision is not None:
        return None if follow_up.decision.refuses else follow_up.decision.decided_at
    if follow_up.proposed is not None:
        return follow_up.proposed.at
    return follow_up.census.opened_at if follow_up.census is not None else None


@lru_cache(maxsize=256)
def _route_due(decided_on: date) -> datetime:
    return end_of(add_working_days(decided_on, ROUTE_WITHIN_WORKING_DAYS))
