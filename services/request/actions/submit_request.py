"""Send a draft to the DSI, with what the GHT already runs for its domain."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from services.request.model.completeness import lacks
from services.request.model.follow_up import FollowUp, Stage
from services.request.model.refusals import AlreadyWithdrawn, RequestIncomplete
from services.request.model.request import Created, Request, State, need_of, of_author
from services.request.store.own import Own
from services.request.store.reads import case_of
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.requests import RequestSubmittedV2
from shared.contracts.need import EquippedSoftware
from shared.database.postgres import reading
from shared.identity.person import Person
from shared.program.running import Running


async def submit_request(running: Running[State], person: Person, case_id: UUID, now: datetime) -> Created:
    """The request, sent; a second time is a success. Raises `RequestIncomplete` with what the form lacks."""
    async with reading(running.pool, person.scope) as db:
        case = await case_of(db, person, case_id)
    own: Own = running.own
    equipped = await own.equipped.of(running.pool, case.form.domain)
    sent: Created = await running.decide(person, case_id, lambda state: decide(state, person, equipped, now), now)
    return sent


def decide(state: State, person: Person, equipped: tuple[EquippedSoftware, ...], now: datetime) -> Outcome[State]:
    """Send a draft; sent already is a success."""
    request = of_author(state, person)
    if request.stage is Stage.WITHDRAWN:
        raise AlreadyWithdrawn
    if request.stage is not Stage.DRAFT:
        return Outcome(request, result=Created(request.case_id, request.reference, request.stage, again=True))
    return submitted(request, person, equipped, now)


def submitted(
    request: Request, person: Person, equipped: tuple[EquippedSoftware, ...], now: datetime
) -> Outcome[State]:
    """A draft or a new request, sent; raises `RequestIncomplete`."""
    missing = lacks(request.form)
    if missing:
        raise RequestIncomplete(errors=missing)
    after = replace(request, equipped=equipped, updated_at=now, follow_up=FollowUp(submitted_at=now))
    need = need_of(after)
    event = RequestSubmittedV2.model_construct(case_id=request.case_id, submitted_at=now, need=need)
    detail = {"reference": request.reference, "kind": need.kind, "domain": need.domain, "equipped": len(equipped)}
    trail = TrailEntry("submit_request", person.id, person.title, detail=detail)
    return Outcome(after, (event,), (trail,), Created(request.case_id, request.reference, Stage.SUBMITTED))
