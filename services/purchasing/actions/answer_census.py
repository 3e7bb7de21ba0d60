"""A member of the GHT answers a census, for its own establishment and no other."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace
from pydantic import Field, ValidationInfo, field_validator

from services.purchasing.actions.close_census import close_census
from services.purchasing.model.purchase import PurchaseFile, Reply, State
from services.purchasing.model.refusals import CensusClosed, NotInvited
from services.purchasing.model.texts import Command, Line, Text
from services.purchasing.store.censuses import asking_of
from shared.basics.errors import NotFound
from shared.casework.decide import Work
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.vocabulary import CensusAnswer
from shared.database.postgres import reading
from shared.identity.person import Person, Role, ensure
from shared.program.running import Running


class AnswerCensus(Command):
    """What the member says; it may be changed until the census closes."""

    answer: CensusAnswer
    volume: Line = Field(default="", description="How much the member would need: users, sites, modules")
    comment: Text = ""
    software: Line = Field(
        default="", validate_default=True, description="What the member runs already; expected with `already_equipped`"
    )

    @field_validator("software")
    @classmethod
    def _named(cls, software: str, info: ValidationInfo) -> str:
        if info.data.get("answer") is CensusAnswer.ALREADY_EQUIPPED and not software:
            raise ValueError("Dites quel logiciel votre établissement utilise déjà.")
        return software


async def answer_census(
    running: Running[PurchaseFile], person: Person, case_id: UUID, command: AnswerCensus, now: datetime
) -> Reply:
    """The answer as it was kept; raises NotInvited where the person's establishment is not asked, and CensusClosed."""
    ensure(person, Role.MEMBER_CONTACT)
    # The case belongs to the establishment that asks, which the member may not see: the invitation opens it.
    async with reading(running.pool, person.establishment) as db:
        asking = await asking_of(db, case_id, person.establishment)
    if asking is None:
        raise NotInvited(case_id=str(case_id))
    reply: Reply = await running.desk.run(Work(case_id, asking, lambda file: decide(file, person, command, now), now))
    return reply


def decide(file: PurchaseFile, person: Person, command: AnswerCensus, now: datetime) -> Outcome[PurchaseFile]:
    """One member answers, or changes its answer; the last one to answer closes the census."""
    purchase = file.purchase
    census = purchase.work.census if purchase else None
    if purchase is None or census is None:
        raise NotFound
    reply = Reply(
        establishment=person.establishment,
        answer=command.answer,
        at=now,
        by=person.id,
        by_title=person.title,
        volume=command.volume,
        comment=command.comment,
        software=command.software,
    )
    if reply.establishment not in census.members:
        raise NotInvited
    before = next((r for r in census.replies if r.establishment == reply.establishment), None)
    if before is not None and replace(before, at=now, by=reply.by, by_title=reply.by_title) == reply:
        return Outcome(file, result=reply)
    if purchase.state is not State.CENSUS or now >= census.deadline:
        raise CensusClosed
    answered = replace(census, replies=(*(r for r in census.replies if r is not before), reply))
    after = replace(file, purchase=replace(purchase, work=replace(purchase.work, census=answered)))
    detail = {"establishment": reply.establishment, "answer": reply.answer, "changed": before is not None}
    entry = TrailEntry("census_answered", reply.by, reply.by_title, reply.comment, detail)
    if answered.silent:
        return Outcome(after, (), (entry,), reply)
    closed = close_census(after, now)
    return Outcome(closed.state, closed.events, (entry, *closed.trail), reply)
