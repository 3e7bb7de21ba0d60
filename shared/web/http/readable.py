"""Addresses that nothing can look up, and forms that no page of ours sends, are refused before any handler reads them."""

from typing import Any
from urllib.parse import unquote_to_bytes

from litestar import Request
from litestar.enums import RequestEncodingType

from shared.basics.errors import NotFound, Refusal
from shared.web.http.addresses import STATIC, is_static

_FILES = frozenset(file.relative_to(STATIC).as_posix() for file in STATIC.rglob("*") if file.is_file())
"""Every static file: what else is asked for is not looked for on the disk, which has no answer for any name."""

MOST_FIELDS = 2_000
"""The longest checklist has some two hundred."""


class UnreadableAddress(Refusal):
    """A NUL character in the path or in the query: PostgreSQL holds none, and no link of ours has one."""

    slug = "unreadable-address"
    public = "Cette adresse contient un caractère invisible. Revenez en arrière et recommencez."
    status = 400


class UnreadableForm(Refusal):
    """A form in letters that are not UTF-8, or of more fields than any page has."""

    slug = "unreadable-form"
    public = "Cet envoi n’a pas la forme attendue. Revenez en arrière et recommencez."
    status = 400


async def ensure_readable_form(request: Request[Any, Any, Any]) -> None:
    """Raise `UnreadableForm` for a form that Litestar would fail on; what was read is kept for those who come after."""
    kind, _ = request.content_type
    if kind == RequestEncodingType.URL_ENCODED and (await request.body()).count(b"&") >= MOST_FIELDS:
        raise UnreadableForm
    if kind in (RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART):
        try:
            await request.form()
        except (UnicodeDecodeError, LookupError):
            raise UnreadableForm from None


def ensure_readable(request: Request[Any, Any, Any]) -> None:
    """Raise `UnreadableAddress` for what can stand in no text of ours, `NotFound` for a static file that is none."""
    scope = request.scope
    if "\x00" in scope["path"] or b"\x00" in unquote_to_bytes(scope.get("query_string", b"")):
        raise UnreadableAddress
    if is_static(scope["path"]) and scope["path"].split("/", 4)[-1] not in _FILES:
        raise NotFound
