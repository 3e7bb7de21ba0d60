"""Requests a second per person, per address without a session, and for sign-in; asked ahead of everything else."""

from math import ceil
from typing import Any, Final

from litestar import Litestar, Request
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.types import HTTPScope, Receive, Scope, Send
from litestar.utils.path import normalize_path

from shared.program.limits import Limits
from shared.program.registry import HOME, api_of
from shared.web import problems
from shared.web.hot import HotRoutes
from shared.web.http import correlation
from shared.web.http.access import SignInNeeded, api_person, viewer
from shared.web.http.addresses import is_api
from shared.web.http.buckets import Buckets
from shared.web.http.origin import Origins
from shared.web.http.refusals import OverLimit, TooManyRequests, TooManySignIns
from shared.web.http.refused import Tally

SIGN_IN: Final = frozenset({"/connexion", f"{api_of(HOME)}/sessions"})
LIVE, PROBES = "/health/live", "/health/"


_TOO_MANY, _TOO_MANY_SIGN_INS = TooManyRequests(), TooManySignIns()


class RatedRoutes(HotRoutes):
    """ASGI: 429 for who asks too fast, `HotRoutes` for everybody else. A probe counts for itself."""

    def __init__(self, app: Litestar, limits: Limits) -> None:
        super().__init__(app)
        self._origins = Origins(limits.trusted_proxies)
        self._persons = Buckets(limits.rates * limits.rate_person)
        self._addresses = Buckets(limits.rates * limits.rate_address)
        self._probes = Buckets(limits.rates * limits.rate_address)
        self._sign_ins = Buckets(limits.rates * limits.rate_sign_in)
        self._tally = Tally()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or pass on."""
        if scope["type"] == ScopeType.HTTP and scope["path"] != LIVE:
            kind, wait = self._wait(scope)
            if wait:
                self._tally.add(kind)
                request: Request[Any, Any, Any] = Request(scope, receive, send)
                correlation.bind(request)
                answer = problems.on_refusal(request, kind)
                answer.set_header("Retry-After", str(ceil(wait)))
                await answer.to_asgi_response(None, request)(scope, receive, send)
                return
        await super().__call__(scope, receive, send)

    def _wait(self, scope: HTTPScope) -> tuple[OverLimit, float]:
        if _signs_in(scope):
            return _TOO_MANY_SIGN_INS, self._by_address(self._sign_ins, scope)
        if scope["path"].startswith(PROBES):
            return _TOO_MANY, self._by_address(self._probes, scope)
        person = _person(scope)
        if person is not None:
            return _TOO_MANY, self._persons.take(person)
        return _TOO_MANY, self._by_address(self._addresses, scope)

    def _by_address(self, buckets: Buckets, scope: HTTPScope) -> float:
        client = scope.get("client")
        address = self._origins.of_request(client[0] if client else None, scope["headers"])
        return buckets.take(address) if address else 0.0


def hot_routes(app: Litestar, limits: Limits) -> HotRoutes:
    """What stands ahead of Litestar: hot operations, behind the rates where they are on."""
    return RatedRoutes(app, limits) if limits.rates else HotRoutes(app)


def _signs_in(scope: HTTPScope) -> bool:
    path = scope["path"]
    return (
        scope["method"] == "POST"
        and ("/connexion" in path or "/sessions" in path)
        and normalize_path(path) in SIGN_IN  # as Litestar reads addresses
    )


def _person(scope: HTTPScope) -> str | None:
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
    if not is_api(scope["path"]):
        person = viewer(connection)
        return person.id if person else None
    try:
        return api_person(connection).id
    except SignInNeeded:
        return None
