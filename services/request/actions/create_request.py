"""Write a new request: sent at once, or kept as a draft. The same key and content again make no second one."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

import msgspec
from pydantic import ConfigDict, Field, JsonValue

from services.request.actions.submit_request import submitted
from services.request.model.follow_up import Stage
from services.request.model.form import RequestForm, form_text
from services.request.model.refusals import KeyTaken, KeyUsedForAnother
from services.request.model.request import Created, Request, State
from services.request.store.own import Own
from services.request.store.reads import made_by
from shared.basics.ids import new_id
from shared.casework.decide import Work
from shared.casework.outcome import Outcome
from shared.contracts.need import EquippedSoftware
from shared.database.postgres import reading
from shared.identity.person import Person, Role, ensure
from shared.program.running import Running

NEEDED: list[JsonValue] = ["kind", "title", "description", "domain", "data", "care_stops"]
EXAMPLE: dict[str, JsonValue] = {
    "kind": "new",
    "title": "Planification du bloc opératoire",
    "description": "Nous planifions les interventions sur un tableau partagé ; deux personnes ne peuvent pas l’ouvrir.",
    "domain": "bloc-operatoire",
    "users": 46,
    "sites": "Bloc central",
    "data": "health",
    "care_stops": True,
    "max_downtime_hours": 4,
}


class CreateRequest(RequestForm):
    """A request to send at once, or to keep as a draft (`submit` false, which may lack anything)."""

    model_config = ConfigDict(json_schema_extra={"required": NEEDED, "examples": [EXAMPLE]})

    submit: bool = Field(default=True, description="false keeps it as a draft")


class Given(msgspec.Struct, frozen=True):
    """What is looked up before the decision, which never queries; `digest` recognises the same content again."""

    case_id: UUID
    reference: str
    digest: bytes = b""
    key: str | None = None
    equipped: tuple[EquippedSoftware, ...] = ()


async def create_request(
    running: Running[State], person: Person, command: CreateRequest, now: datetime, key: str | None = None
) -> Created:
    """The new request, or the one that the same key made before; raises `RequestIncomplete`, `KeyUsedForAnother`."""
    ensure(person, Role.REQUESTER, Role.BUSINESS_REFERENT)
    own: Own = running.own
    given = Given(
        case_id=new_id(),
        reference=await own.references.next(running.pool, now),
        digest=_digest(command) if key is not None else b"",
        key=key,
        equipped=await own.equipped.of(running.pool, command.domain) if command.submit else (),
    )

    async def decided_on(case_id: UUID) -> Created:
        work: Work[State] = Work(
            case_id,
            person.establishment,
            lambda state: decide(state, person, command, given, now),
            now,
            opens=case_id == given.case_id,
        )
        created: Created = await running.desk.run(work)
        return created

    try:
        return await decided_on(given.case_id)
    except KeyTaken:
        # A retry, or a second click: nothing was written, and the answer is the first one's.
        async with reading(running.pool, person.establishment) as db:
            earlier = await made_by(db, person, key)
        if earlier is None:
            raise KeyUsedForAnother from None  # in an establishment where this person worked before
        return await decided_on(earlier)


def decide(state: State, person: Person, command: CreateRequest, given: Given, now: datetime) -> Outcome[State]:
    """Write the request down, once: the same content under the same key is answered as the first time."""
    if state is not None:
        if state.digest != given.digest:
            raise KeyUsedForAnother
        return Outcome(state, result=Created(state.case_id, state.reference, state.stage, again=True))
    request = Request(
        case_id=given.case_id,
        reference=given.reference,
        author=person.id,
        author_title=person.title,
        establishment=person.establishment,
        own_department=person.department,
        created_at=now,
        updated_at=now,
        digest=given.digest,
        form=command,
        key=given.key,
    )
    if command.submit:
        return submitted(request, person, given.equipped, now)
    return Outcome(request, result=Created(request.case_id, request.reference, Stage.DRAFT))


def _digest(command: CreateRequest) -> bytes:
    return sha256(b"%d%s" % (command.submit, form_text(command).encode())).digest()
