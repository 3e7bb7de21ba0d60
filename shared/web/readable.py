"""Addresses that no database can look up are refused before any handler reads them."""

from typing import Any
from urllib.parse import unquote_to_bytes

from litestar import Request

from shared.errors import Refusal


class UnreadableAddress(Refusal):
    """A NUL character in the path or in the query: PostgreSQL holds none, and no link of ours has one."""

    slug = "unreadable-address"
    public = "Cette adresse contient un caractère invisible. Revenez en arrière et recommencez."
    status = 400


def ensure_readable(request: Request[Any, Any, Any]) -> None:
    """Raise `UnreadableAddress` for what can stand in no text of ours."""
    scope = request.scope
    if "\x00" in scope["path"] or b"\x00" in unquote_to_bytes(scope.get("query_string", b"")):
        raise UnreadableAddress
