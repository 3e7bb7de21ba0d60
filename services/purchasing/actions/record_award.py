"""The award: the contract that the purchase led to. Its end and its notice open the software's deadlines."""

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from msgspec.structs import replace
from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from services.purchasing.model.buyers import ensure_buyer, ensure_shown, purchase_for
from services.purchasing.model.purchase import Award, Purchase, PurchaseFile, State
from services.purchasing.model.refusals import NothingToAward
from services.purchasing.model.routing.routes import implied
from services.purchasing.model.texts import Cents, Command, Line, Revision
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.identity.person import Person
from shared.program.running import Running

EARLIEST: Final = date(2000, 1, 1)
LATEST: Final = date(2099, 12, 31)


class RecordAward(Command):
    """Who got the contract, for how much, until when."""

    supplier: Annotated[Line, StringConstraints(min_length=2)]
    amount_cents: Cents
    starts_on: date = Field(ge=EARLIEST, le=LATEST)
    ends_on: date = Field(ge=EARLIEST, le=LATEST)
    notice_months: int = Field(
        default=3, ge=0, le=36, description="Months before the end in which notice must be given"
    )
    contract_number: Line = ""
    revision: Revision | None = None

    @field_validator("ends_on")
    @classmethod
    def _ends_after_it_starts(cls, ends_on: date, info: ValidationInfo) -> date:
        if "starts_on" in info.data and ends_on <= info.data["starts_on"]:
            raise ValueError("La fin du marché vient après son début.")
        return ends_on


async def record_award(
    running: Running[PurchaseFile], person: Person, case_id: UUID, command: RecordAward, now: datetime
) -> Purchase:
    """The purchase with its contract; raises NothingToAward, PurchaseMoved, or what `purchase_for` raises."""
    ensure_buyer(person)
    purchase: Purchase = await running.decide(person, case_id, lambda file: decide(file, person, command, now), now)
    return purchase


def decide(file: PurchaseFile, person: Person, command: RecordAward, now: datetime) -> Outcome[PurchaseFile]:
    """Record or correct the contract; the trail keeps what stood there before."""
    purchase = purchase_for(file, person, now)
    if not may_award(purchase):
        raise NothingToAward
    recorded = Award(**command.model_dump(exclude={"revision"}), recorded_at=now, recorded_by_title=person.title)
    before = purchase.work.award
    if before is not None and replace(before, recorded_at=now, recorded_by_title=person.title) == recorded:
        return Outcome(file, result=purchase)
    ensure_shown(purchase, command.revision)
    after = replace(purchase, work=replace(purchase.work, award=recorded, revision=purchase.work.revision + 1))
    action = "award_recorded" if before is None else "award_corrected"
    entry = TrailEntry(action, person.id, person.title, "", command.model_dump(mode="json", exclude={"revision"}))
    return Outcome(replace(file, purchase=after), (), (entry,), after)


def may_award(purchase: Purchase) -> bool:
    """Whether the route is decided and ends in a contract."""
    return purchase.state is State.DECIDED and purchase.route is not None and implied(purchase.route).buys
