"""A member of the GHT answers a census, for its own establishment and no other."""

from datetime import datetime
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from services.purchasing.model.census import NotInvited, answer
from services.purchasing.model.purchase import PurchaseFile, Reply
from services.purchasing.model.texts import Command, Line, Text
from services.purchasing.store.censuses import asking_of
from shared.casework.decide import Work
from shared.contracts.vocabulary import CensusAnswer
from shared.database.postgres import reading
from shared.identity.person import Person, Role
from shared.program.running import Running
from shared.web.http.access import ensure


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
    """The answer as it was kept; raises NotInvited where the person's establishment is not asked."""
    ensure(person, Role.MEMBER_CONTACT)
    # The invitation, read as the member, is what opens the case: the decision is then taken for the establishment that asks.
    async with reading(running.pool, person.establishment) as db:
        asking = await asking_of(db, case_id, person.establishment)
    if asking is None:
        raise NotInvited(case_id=str(case_id))
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
    await running.desk.run(Work(case_id, asking, lambda file: answer(file, reply, now), now))
    return reply
