"""The list of parked messages shows the beginning of each, one message is shown whole."""

from collections.abc import AsyncIterator

import pytest

from shared.messaging.parked import Message
from tests.helpers.servers import Database
from tests.integration.request_service import Service, at_work

VALUES = {
    "long": b"a" * 900_000,
    "accents": "é".encode() * 100_000,
    "four bytes each, one byte off": b"a" + "😀".encode() * 100_000,
    "2000 of four bytes": "😀".encode() * 2000,
    "not text": b"\xff" * 900_000,
    "short": b"{}",
    "half a character": b"ab\xc3",
    "empty": b"",
    "none": None,
}
SHOWN = {
    "long": "a" * 2000,
    "accents": "é" * 2000,
    "four bytes each, one byte off": "a" + "😀" * 1999,
    "2000 of four bytes": "😀" * 2000,
    "not text": "ff" * 1000,
    "short": "{}",
    "half a character": "6162c3",
    "empty": "",
    "none": None,
}
WHOLE = {"2000 of four bytes", "short", "half a character", "empty", "none"}


@pytest.fixture
async def service(request_database: Database) -> AsyncIterator[Service]:
    async with at_work(request_database) as running:
        for offset, (name, value) in enumerate(VALUES.items()):
            headers = (("name", name.encode()), ("long", b"h" * 50_000))
            await running.running.inbox.receive([Message("case.reviews", 1, offset, b"k" * 50_000, headers, value)])
        yield running


async def test_the_list_shows_beginnings_and_one_message_is_whole(service: Service) -> None:
    answer = await service.client.get("/demandes/api/parked", headers=service.by("auditor"))
    assert answer.status_code == 200
    assert len(answer.content) < 200_000
    found = {one["headers"]["name"]: one for one in answer.json()}
    assert {name: one["value"] for name, one in found.items()} == SHOWN
    assert {name for name, one in found.items() if not one["value_cut"]} == WHOLE
    for name, value in VALUES.items():
        listed = found[name]
        assert listed["value_length"] == (None if value is None else len(value))
        assert listed["key"] == "k" * 2000 + "…"
        assert listed["headers"]["long"] == "h" * 2000 + "…"
        path = f"/demandes/api/parked/{listed['parked_id']}"
        one = (await service.client.get(path, headers=service.by("auditor"))).json()
        assert (one["value_cut"], one["value_length"], one["key"]) == (False, listed["value_length"], "k" * 50_000)
        assert (one["value"] or "").startswith(listed["value"] or "")
        if value is not None:
            assert one["value"] == (value.hex() if name in ("not text", "half a character") else value.decode())


async def test_health_counts_the_messages_of_types_that_are_not_known_here(service: Service) -> None:
    headers = (("ce_specversion", b"1.0"), ("ce_type", b"convergence.review-split.v1"))
    await service.running.inbox.receive([Message("case.reviews", 1, 900 + n, b"k", headers, b"{}") for n in range(3)])
    health = (await service.client.get("/health/ready")).json()
    assert health["passed_by"] == {"convergence.review-split.v1": 3}
    assert health["parked"] == len(VALUES)


async def test_the_page_lists_them_all(service: Service) -> None:
    await service.client.get("/connexion")
    token = service.client.cookies.get("convergence_csrf") or ""
    await service.client.post("/connexion", data={"_csrf_token": token, "account": "operator", "next": "/"})
    page = await service.client.get("/demandes/messages")
    assert page.text.count("Examiner") == len(VALUES)
