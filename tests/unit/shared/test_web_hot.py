"""The hot way and Litestar's way: one answer, to the byte. The handlers are the services' own; nothing stands behind them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest
from litestar import get

from services.request.api.create import api_create
from services.request.model.follow_up import Stage
from services.request.model.request import Created
from services.review.api.acts import api_opinion
from services.review.api.reads import api_reviews
from services.review.model.refusals import CheckClosed
from shared.identity.demo import DEMO_ACCOUNTS
from shared.identity.person import Role
from shared.identity.tokens import Tokens
from shared.program.settings import SiteSettings
from shared.web.api.bodies import LARGEST, Answer, documented
from shared.web.app import create_app
from shared.web.hot import HotRoutes, NotHot
from shared.web.http.access import SignedIn, require
from tests.helpers.review_cases import opened

SECRET = "s" * 40
CASE = "01939d3e-7c1a-7bbb-8000-000000000000"
OPINION = f"/instruction/api/reviews/{CASE}/checks/security/opinion"
LIST = "/instruction/api/reviews"
NEW: dict[str, Any] = {"kind": "new", "title": "Planification du bloc", "description": "Un tableau partagé.",
                       "domain": "bloc-operatoire", "data": "none", "care_stops": False, "users": 46}  # fmt: skip
GIVEN = {"opinion": "favourable", "checklist": "all_met", "comment": "Dossier relu."}

Said = list[dict[str, Any]]


def bearer(account: str, secret: str = SECRET, lifetime: int = 24 * 3600) -> tuple[bytes, bytes]:
    token = Tokens(secret).issue(DEMO_ACCOUNTS[account].person, lifetime).token
    return b"authorization", f"Bearer {token}".encode()


HOST = (b"host", b"localhost:8001")
SAME = (b"x-correlation-id", CASE.encode())
"""The id of an answer is the caller's, so that two answers can be the same."""
REQUESTER, RSSI, BUYER = bearer("requester-roanne"), bearer("rssi"), bearer("buyer")


class Desk:
    """Answers as told, without a database."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    async def run(self, _: Any) -> Any:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


class Pool:
    """A database that has one number to give and nothing to show."""

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Any]:
        async def nothing(*_: Any) -> list[Any]:
            return []

        async def one(*_: Any) -> int:
            return 1

        yield SimpleNamespace(fetch=nothing, fetchval=one, set_scope=nothing)


class Equipped:
    async def of(self, *_: Any) -> tuple[()]:
        return ()


class References:
    async def next(self, *_: Any) -> str:
        return "D-2026-000001"


def site(answer: Any) -> Any:
    """The three hot handlers of the services in one application."""
    own = SimpleNamespace(references=References(), equipped=Equipped())
    desk = Desk(answer)
    running = SimpleNamespace(pool=Pool(), desk=desk, own=own, decide=lambda *_: desk.run(None))
    settings = SiteSettings(**cast("Any", {"mode": "local", "kafka": "k:1", "session_secret": SECRET}))
    return create_app("review", settings, api=[api_create, api_opinion, api_reviews], state={"running": running})


def without_hot_way(app: Any) -> Any:
    app.asgi_handler = cast("HotRoutes", app.asgi_handler).otherwise
    return app


async def ask(app: Any, method: str, path: str, headers: Any = (), body: bytes = b"", query: bytes = b"") -> Said:
    said: Said = []
    pieces = [body[:1000], body[1000:]]

    async def receive() -> Any:
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: Any) -> None:
        said.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query, "root_path": "", "headers": [*headers],
        "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 8001), "state": {},
    }  # fmt: skip
    await app(scope, receive, send)
    return said


def both(answer: Any, *call: Any, **rest: Any) -> tuple[Said, Said]:
    async def go() -> tuple[Said, Said]:
        return await ask(site(answer), *call, **rest), await ask(without_hot_way(site(answer)), *call, **rest)

    return asyncio.run(go())


CREATED = Created(opened().case_id, "D-2026-000001", Stage.SUBMITTED)
REVIEW = opened()
new, given = json.dumps(NEW).encode(), json.dumps(GIVEN).encode()

GOOD = {
    "a request": (CREATED, 201, "POST", "/instruction/api/requests", REQUESTER, new, b""),
    "a request with its key": (
        CREATED,
        201,
        "POST",
        "/instruction/api/requests",
        REQUESTER,
        new,
        b"",
        (b"idempotency-key", b"k"),
    ),
    "an opinion": (REVIEW, 200, "POST", OPINION, RSSI, given, b""),
    "an opinion, in capitals": (REVIEW, 200, "POST", OPINION.replace(CASE, CASE.upper()), RSSI, given, b""),
    "an opinion as text": (REVIEW, 200, "POST", OPINION, RSSI, given, b"", (b"content-type", b"text/plain")),
    "the work list": (None, 200, "GET", LIST, RSSI, b"", b""),
    "the work list from a place": (None, 200, "GET", LIST, RSSI, b"", b"after=12&limit=200"),
    "a parameter that nobody knows": (None, 200, "GET", LIST, RSSI, b"", b"after=1&before=2"),
    "the same parameter twice": (None, 200, "GET", LIST, RSSI, b"", b"after=1&after=2"),
}
REFUSED = {
    "no token": (REVIEW, 401, "POST", OPINION, None, given, b""),
    "a forged token": (REVIEW, 401, "POST", OPINION, bearer("rssi", "t" * 40), given, b""),
    "an expired token": (REVIEW, 401, "POST", OPINION, bearer("rssi", lifetime=-1), given, b""),
    "another scheme": (REVIEW, 401, "POST", OPINION, (b"authorization", b"Basic eDp5"), given, b""),
    "another role": (None, 403, "GET", LIST, BUYER, b"", b""),
    "not one's own to send": (CREATED, 403, "POST", "/instruction/api/requests", BUYER, new, b""),
    "a rule says no": (CheckClosed(), 409, "POST", OPINION, RSSI, given, b""),
    "no JSON": (REVIEW, 422, "POST", OPINION, RSSI, b"{", b""),
    "no body": (REVIEW, 422, "POST", OPINION, RSSI, b"", b""),
    "a field that does not fit": (
        CREATED,
        422,
        "POST",
        "/instruction/api/requests",
        REQUESTER,
        b'{"users": "x", "a": 1}',
        b"",
    ),
    "a key that is none": (
        CREATED,
        422,
        "POST",
        "/instruction/api/requests",
        REQUESTER,
        new,
        b"",
        (b"idempotency-key", b" "),
    ),
    "too large": (CREATED, 413, "POST", "/instruction/api/requests", REQUESTER, b"x" * (LARGEST + 1), b""),
    "an unknown kind": (REVIEW, 422, "POST", OPINION.replace("security", "unknown"), RSSI, given, b""),
    "a place that is none": (None, 422, "GET", LIST, RSSI, b"", b"after=x"),
    "a place that is too long": (None, 422, "GET", LIST, RSSI, b"", b"after=" + b"1" * 21),
    "too many": (None, 422, "GET", LIST, RSSI, b"", b"limit=501"),
    "a number that is none": (None, 422, "GET", LIST, RSSI, b"", b"limit=many"),
    "a fault of ours": (ZeroDivisionError("secret"), 500, "POST", OPINION, RSSI, given, b""),
}
UNUSUAL = {
    "no UUID": (REVIEW, 404, "POST", OPINION.replace(CASE, "42"), RSSI, given, b""),
    "a slash at the end": (REVIEW, 200, "POST", OPINION + "/", RSSI, given, b""),
    "slashes too many": (REVIEW, 200, "POST", OPINION.replace("/checks", "//checks"), RSSI, given, b""),
    "a UUID without hyphens": (REVIEW, 200, "POST", OPINION.replace(CASE, CASE.replace("-", "")), RSSI, given, b""),
    "an escaped query": (None, 200, "GET", LIST, RSSI, b"", b"after=%31"),
    "an invisible character": (None, 400, "GET", LIST, RSSI, b"", b"after=%00"),
    "one in the path": (REVIEW, 400, "POST", OPINION.replace("security", "secu\x00rity"), RSSI, given, b""),
    "an accent in the path": (REVIEW, 422, "POST", OPINION.replace("security", "sécurité"), RSSI, given, b""),
    "a line break in the path": (REVIEW, 422, "POST", OPINION.replace("security", "security\n"), RSSI, given, b""),
    "another method": (REVIEW, 405, "DELETE", OPINION, RSSI, given, b""),
    "the head only": (None, 405, "HEAD", LIST, RSSI, b"", b""),
    "what is allowed": (REVIEW, 204, "OPTIONS", OPINION, RSSI, b"", b""),
    "another address": (REVIEW, 404, "POST", OPINION + "s", RSSI, given, b""),
    "a host that is none": (None, 400, "GET", LIST, RSSI, b"", b"", (b"host", b"a b")),
}


def called(call: Any) -> tuple[Any, ...]:
    answer, _, method, path, who, body, query, *more = call
    headers = [*more, HOST, SAME, (b"content-type", b"application/json"), *([who] if who else [])]
    return answer, method, path, headers, body, query


ALL = GOOD | REFUSED | UNUSUAL


@pytest.mark.parametrize("call", ALL.values(), ids=ALL)
def test_both_ways_give_the_same_answer(call: Any) -> None:
    hot, litestar = both(*called(call))
    assert hot[0]["status"] == call[1]
    assert (hot[0]["status"], hot[0]["headers"]) == (litestar[0]["status"], litestar[0]["headers"])
    assert [message.get("body") for message in hot[1:]] == [message.get("body") for message in litestar[1:]]


@pytest.mark.parametrize("call", [*GOOD.values(), *REFUSED.values()], ids=[*GOOD, *REFUSED])
def test_usual_calls_take_the_hot_way(call: Any) -> None:
    answer, *rest = called(call)
    app = site(answer)
    app.asgi_handler.otherwise = _nowhere
    assert asyncio.run(ask(app, *rest))[0]["status"] == call[1]


@pytest.mark.parametrize("call", UNUSUAL.values(), ids=UNUSUAL)
def test_unusual_calls_are_left_to_litestar(call: Any) -> None:
    answer, *rest = called(call)
    app = site(answer)
    app.asgi_handler.otherwise = _nowhere
    with pytest.raises(AssertionError, match="nowhere"):
        asyncio.run(ask(app, *rest))


async def _nowhere(*_: Any) -> None:
    raise AssertionError("nowhere")


def _guarded() -> Any:
    @get("/guarded", guards=[require(Role.BUYER)], opt=documented(hot=True))
    async def guarded() -> Answer:
        return Answer(b"{}")

    return guarded


def _dependent() -> Any:
    @get("/dependent", opt=documented(hot=True))
    async def dependent(person: SignedIn) -> Answer:
        return Answer(b"{}")

    return dependent


@pytest.mark.parametrize("handler", [_guarded, _dependent])
def test_a_handler_that_needs_more_is_refused_at_start_up(handler: Callable[[], Any]) -> None:
    settings = SiteSettings(**cast("Any", {"mode": "local", "kafka": "k:1", "session_secret": SECRET}))
    with pytest.raises(NotHot):
        create_app("review", settings, api=[handler()])
