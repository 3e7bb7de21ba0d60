"""Several checks taken at once: each is taken or refused on its own."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.review.actions.carry_out import State, carry_out
from services.review.actions.take_check import take_check
from shared.basics.errors import Refusal
from shared.contracts.vocabulary import CheckKind
from shared.identity.person import Person
from shared.program.running import Running

AnswerOfOne = tuple[UUID, CheckKind, Refusal | None]


async def take_one(running: Running[State], person: Person, case_id: UUID, kind: CheckKind, correlation: UUID) -> Any:
    """Take one check; raises its refusal."""
    return await carry_out(
        running,
        person,
        case_id,
        lambda review, standing_in: take_check(review, kind, person, standing_in),
        correlation,
        kind,
        "Un collègue a pris un volet.",
    )


async def take_several(
    running: Running[State], person: Person, checks: Sequence[tuple[UUID, CheckKind]], correlation: UUID
) -> list[AnswerOfOne]:
    """Take them all in one go: they share transactions, and a refusal stops only its own."""
    tries = [take_one(running, person, case_id, kind, correlation) for case_id, kind in checks]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    ends: list[AnswerOfOne] = []
    for (case_id, kind), answer in zip(checks, answers, strict=True):
        if isinstance(answer, BaseException) and not isinstance(answer, Refusal):
            raise answer
        ends.append((case_id, kind, answer if isinstance(answer, Refusal) else None))
    return ends
