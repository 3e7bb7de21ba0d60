"""Write a new request: sent at once, or kept as a draft. The same key and content again make no second one."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from services.request.actions.authoring import Create, create
from services.request.model.form import RequestForm, form_text
from services.request.model.refusals import KeyTaken, KeyUsedForAnother
from services.request.model.request import Created, State
from services.request.parts import Parts
from shared.basics.ids import new_id
from shared.casework.decide import Work
from shared.database.postgres import reading
from shared.identity.person import Person, Role
from shared.web.http.access import ensure

MADE = "SELECT case_id FROM request_key WHERE author = $1 AND key = $2"


async def create_request(
    parts: Parts,
    person: Person,
    form: RequestForm,
    now: datetime,
    correlation_id: UUID,
    *,
    submit: bool,
    key: str | None = None,
) -> Created:
    """The new request, or the one that the same key made before; raises `RequestIncomplete`, `KeyUsedForAnother`."""
    ensure(person, Role.REQUESTER, Role.BUSINESS_REFERENT)
    command = Create(
        case_id=new_id(),
        reference=await parts.references.next(parts.pool, now),
        person=person,
        form=form,
        digest=_digest(form, submit) if key is not None else b"",
        submit=submit,
        equipped=await parts.equipped.of(parts.pool, form.domain) if submit else (),
        key=key,
    )

    async def decided_on(case_id: UUID) -> Created:
        work: Work[State] = Work(
            case_id,
            person.establishment,
            lambda state: create(state, command, now),
            now,
            correlation_id,
            opens=case_id == command.case_id,
        )
        created: Created = await parts.desk.run(work)
        return created

    try:
        return await decided_on(command.case_id)
    except KeyTaken:
        # A retry, or a second click: nothing was written, and the answer is the first one's.
        return await decided_on(await _made_by(parts, person, key))


async def _made_by(parts: Parts, person: Person, key: str | None) -> UUID:
    async with reading(parts.pool, person.establishment) as db:
        case_id: UUID | None = await db.fetchval(MADE, person.id, key)
    if case_id is None:
        raise KeyUsedForAnother  # in an establishment where this person worked before
    return case_id


def _digest(form: RequestForm, submit: bool) -> bytes:
    return sha256(b"%d%s" % (submit, form_text(form).encode())).digest()
