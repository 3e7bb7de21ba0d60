"""A reviewer takes a check from its queue: colleagues see who has it, and so does the requester."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from services.review.actions.carry_out import carry_out
from services.review.model.guards import NOBODY, ensure_may_work, found
from services.review.model.review import Check, CheckStatus, Review, State
from shared.basics.errors import Refusal
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.reviews import CheckTakenV1
from shared.identity.person import Person
from shared.program.running import Running

CheckOfCase = tuple[UUID, str]


async def take_check(running: Running[State], person: Person, case_id: UUID, kind: str, now: datetime) -> Review:
    """Take a check, or take it over from an absent colleague; raises `OtherQueue`, `OwnRequest`, `HeldByAnother`, …"""
    return await carry_out(
        running, person, case_id, kind, "check_taken",
        lambda review, standing_in: decide(review, person, kind, standing_in), now,
    )  # fmt: skip


async def take_checks(
    running: Running[State], person: Person, checks: Sequence[CheckOfCase], now: datetime
) -> list[tuple[CheckOfCase, Refusal | None]]:
    """Take several at once: they share transactions, and each is taken or refused on its own."""
    tries = [take_check(running, person, case_id, kind, now) for case_id, kind in checks]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, Refusal):
            raise answer
    return [(check, a if isinstance(a, Refusal) else None) for check, a in zip(checks, answers, strict=True)]


def decide(state: State, person: Person, kind: str, standing_in: frozenset[str] = NOBODY) -> Outcome[State]:
    """Take a check; again by its holder changes nothing."""
    review, check = found(state, person, kind)
    ensure_may_work(review, check, person, standing_in)
    if check.holder == person.id:
        return Outcome(review, result=review)
    events, trail = taken(review, check, person)
    review = review.with_check(held_by(check, person))
    return Outcome(review, events, trail, result=review)


def held_by(check: Check, person: Person) -> Check:
    """The check in these hands; a stopped clock stays stopped."""
    if check.holder == person.id:
        return check
    status = CheckStatus.TAKEN if check.status == CheckStatus.TO_TAKE else check.status
    return replace(check, status=status, holder=person.id, holder_title=person.title)


def taken(review: Review, check: Check, person: Person) -> tuple[tuple[CheckTakenV1, ...], tuple[TrailEntry, ...]]:
    """What others are told and the trail keeps when a check comes into these hands; nothing where it was there."""
    if check.holder == person.id:
        return (), ()
    detail = {"check": check.kind} if check.holder is None else {"check": check.kind, "in_place_of": check.holder}
    kept = TrailEntry("check_taken", person.id, person.title, detail=detail)
    return (in_hands(review, held_by(check, person)),), (kept,)


def in_hands(review: Review, check: Check) -> CheckTakenV1:
    """Who has the check now, or nobody, and until when."""
    return CheckTakenV1(
        case_id=review.case_id,
        check=check.kind,
        check_label=check.kind_label,
        reviewer=check.holder,
        reviewer_title=check.holder_title,
        due_on=check.due_on,
    )
