"""Lines become requests, whatever their references are made of, and once however often they are sent."""

import asyncio
from typing import Any

import httpx
import pytest

from convergence.commands.import_requests import send_all
from convergence.files.request_file import GoodLine
from convergence.screen.failure import Failure
from convergence.site.addresses import site_of
from convergence.site.api import Api
from shared.program.registry import SERVICES

SITE = site_of(dict.fromkeys(SERVICES, "http://test"))


class Service:
    """A service that keeps one request per key."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def __call__(self, asked: httpx.Request) -> httpx.Response:
        if asked.url.path == "/demandes/api/accounts":
            person = {"roles": ["requester"], "establishment": "420784878"}
            return httpx.Response(200, json={"accounts": [{"account": "requester-chu", "person": person}]})
        if asked.url.path == "/demandes/api/sessions":
            return httpx.Response(201, json={"token": "t"})
        key = asked.headers["idempotency-key"]
        assert len(key) <= 200
        already = key in self.kept
        case = self.kept.setdefault(key, f"case {len(self.kept)}")
        made: dict[str, Any] = {"case_id": case, "reference": "D-1", "status": "s", "already": already}
        return httpx.Response(201, json=made)


def sent(service: Service, *references: str) -> list[tuple[str, bool]]:
    async def run() -> list[tuple[str, bool]]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(service)) as http:
            lines = [GoodLine(n, text, "420784878", {"title": "T"}) for n, text in enumerate(references, 2)]
            made, refused = await send_all(Api(SITE, http, 1.0, lambda _: None), lines)
        assert refused == []
        return [(one.case_id, one.already) for one in made]

    return asyncio.run(run())


def test_references_with_accents_are_sent_and_the_same_file_twice_changes_nothing() -> None:
    service, references = Service(), ("A-1", "Bloc n° 2, été", "需求 1", "e\u0301")
    first = sent(service, *references)
    assert [already for _, already in first] == [False] * 4
    assert sent(service, *references) == [(case, True) for case, _ in first]


def test_references_that_differ_at_their_end_alone_stay_two() -> None:
    assert len({case for case, _ in sent(Service(), "x" * 250 + "1", "x" * 250 + "2")}) == 2


@pytest.mark.parametrize("token", ["jeton é", "a\nb", "\x00"])
def test_a_token_that_no_header_can_carry_is_said(token: str) -> None:
    with pytest.raises(Failure, match="jeton d’accès"):
        site_of(SITE.urls, token)
