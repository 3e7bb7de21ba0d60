"""Parked messages for operators: which ones, why, and what to do with them: replay or dismiss."""

from codecs import getincrementaldecoder
from dataclasses import replace as changed
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shared.basics import clock
from shared.basics.errors import Invalid, NotFound, Refusal
from shared.basics.texts import READABLE
from shared.database.postgres import EVERYTHING, reading, transaction
from shared.identity.person import Person, Role
from shared.messaging.parked import Parked, parked_get, parked_heads, parked_resolve
from shared.program.running import running_of
from shared.web.http.access import SignedIn, require

LARGEST_ID = 2**63 - 1
"""The largest bigint."""
HEAD = 2000
"""Characters of each value, key and header that the list shows; one message is shown whole."""
MOST_BYTES = 4 * HEAD
"""Bytes of that many characters in UTF-8, at most."""


class StillFailing(Refusal):
    """The replay failed, for the same or another reason."""

    slug = "still-failing"


class ParkedMessage(msgspec.Struct):
    """A parked message. `value` is text where it is UTF-8, else hexadecimal; the list shows its first 2000
    characters, and says with `value_cut` that there are more. `value_length`: bytes, as it was received.
    """

    parked_id: int
    topic: str
    partition: int
    offset: int
    slug: str
    reason: str
    attempts: int
    holds_case: UUID | None
    parked_at: datetime | None
    resolved_at: datetime | None
    resolution: str | None
    key: str | None
    headers: dict[str, str]
    value: str | None
    value_length: int | None
    value_cut: bool


class Dismissal(BaseModel):
    """The reason why a message will never take effect."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=3, max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
        ),
        READABLE,
    ] = Field(description="Kept with the message, for whoever asks later")


ParkedId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID)]
AfterId = Annotated[int, QueryParameter(ge=0, le=LARGEST_ID)]


def shown(parked: Parked) -> ParkedMessage:
    """A whole parked message."""
    message = parked.message
    return ParkedMessage(
        parked_id=parked.parked_id,
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        slug=parked.slug,
        reason=parked.reason,
        attempts=parked.attempts,
        holds_case=parked.holds_case,
        parked_at=parked.parked_at,
        resolved_at=parked.resolved_at,
        resolution=parked.resolution,
        key=_text(message.key),
        headers={name: _text(value) or "" for name, value in message.headers},
        value=_text(message.value),
        value_length=None if message.value is None else len(message.value),
        value_cut=False,
    )


def head(parked: Parked, value_length: int | None) -> ParkedMessage:
    """A parked message cut for the list; only the first `MOST_BYTES` bytes of its value were read."""
    raw = parked.message.value
    whole = raw is None or len(raw) == value_length
    value = _text(raw, whole=whole)
    seen = shown(changed(parked, message=msgspec.structs.replace(parked.message, value=None)))
    return msgspec.structs.replace(
        seen,
        key=None if seen.key is None else _cut(seen.key),
        headers={_cut(name): _cut(text) for name, text in seen.headers.items()},
        value=None if value is None else value[:HEAD],
        value_length=value_length,
        value_cut=not whole or (value is not None and len(value) > HEAD),
    )


def _text(raw: bytes | None, *, whole: bool = True) -> str | None:
    """Text, or hexadecimal; a cut value may end in the middle of a character."""
    if raw is None:
        return None
    try:
        return getincrementaldecoder("utf-8")().decode(raw, final=whole)
    except UnicodeDecodeError:
        return raw.hex()


def _cut(text: str) -> str:
    return text if len(text) <= HEAD else text[:HEAD] + "…"


@get(
    "/parked",
    summary="Messages that were set aside",
    tags=["Operations"],
    guards=[require(Role.PLATFORM_OPERATOR, Role.AUDITOR)],
)
async def parked_messages(
    request: Request[Any, Any, Any], after: AfterId = 0, limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50
) -> list[ParkedMessage]:
    """The unresolved messages of this service, oldest first, each with the beginning of its value."""
    async with reading(running_of(request).pool, EVERYTHING) as db:
        return [head(parked, length) for parked, length in await parked_heads(db, after, limit, MOST_BYTES)]


@get(
    "/parked/{parked_id:int}",
    summary="One message that was set aside",
    tags=["Operations"],
    guards=[require(Role.PLATFORM_OPERATOR, Role.AUDITOR)],
)
async def parked_message(request: Request[Any, Any, Any], parked_id: ParkedId) -> ParkedMessage:
    """One parked message with its bytes."""
    return shown(await find(request, parked_id))


@post("/parked/{parked_id:int}/replay", status_code=200, summary="Try a message again", tags=["Operations"],
      guards=[require(Role.PLATFORM_OPERATOR)])  # fmt: skip
async def parked_replay(request: Request[Any, Any, Any], person: SignedIn, parked_id: ParkedId) -> ParkedMessage:
    """Try the message again; 409 with the reason where it fails again."""
    await replay(request, person, parked_id)
    return shown(await find(request, parked_id))


@post("/parked/{parked_id:int}/dismissal", status_code=200, summary="Set a message aside for good",
      tags=["Operations"], guards=[require(Role.PLATFORM_OPERATOR)])  # fmt: skip
async def parked_dismissal(
    request: Request[Any, Any, Any], person: SignedIn, parked_id: ParkedId, data: JSONBody[Dismissal]
) -> ParkedMessage:
    """Set the message aside for good, with the reason."""
    await dismiss(request, person, parked_id, data.reason)
    return shown(await find(request, parked_id))


async def find(request: Request[Any, Any, Any], parked_id: int) -> Parked:
    """The parked message, or `NotFound`."""
    async with reading(running_of(request).pool, EVERYTHING) as db:
        parked = await parked_get(db, parked_id)
    if parked is None:
        raise NotFound
    return parked


async def replay(request: Request[Any, Any, Any], person: Person, parked_id: int) -> None:
    """Try the message again; raises `StillFailing` with the reason."""
    await find(request, parked_id)
    failure = await running_of(request).inbox.replay(parked_id, person.id)
    if failure is not None:
        raise StillFailing(f"Le message n’a pas pu être rejoué. {failure.reason}")


async def dismiss(request: Request[Any, Any, Any], person: Person, parked_id: int, reason: str) -> None:
    """Set the message aside for good; raises `Invalid` if the reason is too short."""
    try:
        reason = Dismissal(reason=reason).reason
    except ValidationError:
        raise Invalid("Dites en quelques mots pourquoi ce message ne doit pas prendre effet.") from None
    parked = await find(request, parked_id)
    running = running_of(request)
    async with transaction(running.pool, EVERYTHING) as db:
        await parked_resolve(db, parked_id, person.id, f"dismissed: {reason}", clock.now())
    if parked.holds_case is not None:
        # Replay what waited behind it; the first one that fails stays parked with its own reason.
        await running.inbox.release(parked.holds_case, person.id)
