"""Write a new request: sent at once, or kept as a draft. The same key and content again make no second one."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

import asyncpg

from services.request.authoring import Create, create
from services.request.form import RequestForm, form_text
from services.request.model import Created, State
from services.request.parts import Parts
from shared.casework import Work
from shared.identity.person import Person, Role
from shared.ids import id_of_name, new_id
from shared.outcome import Outcome
from shared.web.access import ensure

KEYS = UUID("5f0a4a2e-6f0e-5a53-9d7c-0d3c7f6c2b11")
"""Namespace of the case ids that come from an idempotency key: the primary key itself keeps a key single."""


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
    case_id = new_id() if key is None else case_of_key(person, key)
    command = Create(
        case_id=case_id,
        reference=await parts.references.next(parts.pool, now),
        person=person,
        form=form,
        digest=_digest(form, submit) if key is not None else b"",
        submit=submit,
        equipped=await parts.equipped.of(parts.pool, form.domain) if submit else (),
    )

    def decide(state: State) -> Outcome[State]:
        return create(state, command, now)

    work = Work(case_id, person.establishment, decide, now, correlation_id)
    try:
        created: Created = await parts.desk.run(work)
    except asyncpg.UniqueViolationError:
        # Another process has just written the same key: now it is found there.
        created = await parts.desk.run(work)
    return created


def case_of_key(person: Person, key: str) -> UUID:
    """The case that this person's key stands for."""
    return id_of_name(KEYS, f"{person.id}\n{key}")


def _digest(form: RequestForm, submit: bool) -> bytes:
    return sha256(b"%d%s" % (submit, form_text(form).encode())).digest()
