"""The first step of a request: one draft for the page that was opened, whatever its key became on the way."""

import re
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import httpx
import pytest

from tests.helpers.servers import Database
from tests.integration.request_service import Service, at_work

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def service(request_database: Database) -> AsyncIterator[Service]:
    async with at_work(request_database) as running:
        await running.client.get("/connexion")
        await post(running, "/connexion", account="requester-chu", next="/")
        yield running


async def post(service: Service, path: str, **fields: str | bytes) -> httpx.Response:
    typed = {"_csrf_token": service.client.cookies.get("convergence_csrf") or "", **fields}
    return await service.client.post(path, content=urlencode(typed).encode(), headers=FORM)


def draft(answer: httpx.Response) -> str:
    assert answer.status_code == 303, answer.text[:200]
    found = re.fullmatch(r"/demandes/([0-9a-f-]{36})/besoin", answer.headers["location"])
    assert found
    return found[1]


@pytest.mark.parametrize("key", [b"a\x00b", b"\x1b[31m", b"\x7f", b"\xed\xa0\x80", b"x" * 3000, "é", " ", ""])
async def test_a_key_that_is_none_is_replaced(service: Service, key: str | bytes) -> None:
    drafts = {draft(await post(service, "/demandes/nouvelle", kind="new", key=key)) for _ in range(2)}
    assert len(drafts) == 2


async def test_posts_without_a_key_make_a_draft_each(service: Service) -> None:
    assert len({draft(await post(service, "/demandes/nouvelle", kind=kind)) for kind in ("new", "new", "renewal")}) == 3


async def test_the_key_of_the_page_makes_one_draft(service: Service) -> None:
    page = await service.client.get("/demandes/nouvelle")
    found = re.search(r'name="key" value="([^"]+)"', page.text)
    assert found
    assert len({draft(await post(service, "/demandes/nouvelle", kind="new", key=found[1])) for _ in range(2)}) == 1
