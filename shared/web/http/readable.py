"""Refuses malformed addresses and forms before any handler reads them."""

from typing import Any
from urllib.parse import unquote_to_bytes

from litestar import Request
from litestar.enums import RequestEncodingType

from shared.basics.errors import NotFound, Refusal
from shared.web.http.addresses import STATIC, is_static

_FILES = frozenset(file.relative_to(STATIC).as_posix() for file in STATIC.rglob("*") if file.is_file())
"""Every static file: other names are refused without touching the disk."""

MOST_FIELDS = 2_000
"""The longest checklist has some two hundred."""


class UnreadableAddress(Refusal):
    """A NUL character in the path or in the query: PostgreSQL cannot store it, and no link of ours has one."""

    slug = "unreadable-address"
    public = "Cette adresse contient un caractère invisible. Revenez en arrière et recommencez."
    status = 400


class UnreadableForm(Refusal):
    """A form that is not UTF-8, or has more fields than any page."""

    slug = "unreadable-form"
    public = "Cet envoi n’a pas la forme attendue. Revenez en arrière et recommencez."
    status = 400


async def ensure_readable_form(request: Request[Any, Any, Any]) -> None:
    """Raise `UnreadableForm` for a form that Litestar would fail on; Litestar caches what was read."""
    kind, _ = request.content_type
    if kind == RequestEncodingType.URL_ENCODED and (await request.body()).count(b"&") >= MOST_FIELDS:
        raise UnreadableForm
    if kind in (RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART):
        try:
            await request.form()
        except (UnicodeDecodeError, LookupError):
            raise UnreadableForm from None


def ensure_readable(request: Request[Any, Any, Any]) -> None:
    """Raise `UnreadableAddress` for a NUL character, `NotFound` for an unknown static file."""
    scope = request.scope
    if "\x00" in scope["path"] or b"\x00" in unquote_to_bytes(scope.get("query_string", b"")):
        raise UnreadableAddress
    if is_static(scope["path"]) and scope["path"].split("/", 4)[-1] not in _FILES:
        raise NotFound
