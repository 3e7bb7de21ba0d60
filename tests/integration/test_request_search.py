"""Requests found again by API: by number, by words, within what the person may see."""

from collections.abc import AsyncIterator

import pytest

from tests.helpers.servers import Database
from tests.integration.request_service import Service, at_work


@pytest.fixture
async def service(request_database: Database) -> AsyncIterator[Service]:
    async with at_work(request_database) as running:
        yield running


async def test_a_request_is_found_by_its_number_however_it_is_typed(service: Service) -> None:
    wanted = await service.create()
    await service.create()
    reference = (await service.case(wanted))["reference"]
    _, year, number = reference.split("-")
    for typed in (reference, reference.lower(), f" {reference} ", f"{year}-{int(number)}", f"D-{number}"):
        assert await service.found(typed) == [wanted], typed
    assert wanted in await service.found(str(int(number)))
    assert await service.found(f"D-{int(year) - 1}-{number}") == []


async def test_requests_are_found_by_words_without_accents(service: Service) -> None:
    sterile = await service.create(title="Traçabilité de la STÉRILISATION, œuvre du bloc n° 147")
    await service.create(title="Planification du bloc opératoire")
    for typed in (
        "tracabilite",
        "TRACABILITÉ sterilisation",
        "oeuvre",
        "e\u0301rilis",
        "n° 147",
    ):
        assert await service.found(typed) == [sterile], typed
    assert len(await service.found("bloc")) == 2
    assert await service.found("sterilisation opératoire") == []
    assert sterile in await service.found("147")


async def test_wildcards_are_searched_as_they_are(service: Service) -> None:
    await service.create(title="Planification du bloc opératoire")
    percent = await service.create(title="Passer à 100 % de comptes_rendus signés")
    assert await service.found("%") == [percent]
    assert await service.found("comptes_rendus") == [percent]
    for typed in ("bl%c", "bl_c", "comptes%signés", "\\", "D-____-______", "D-%", "\uff3f\uff3f", "'", "^.*$"):
        assert await service.found(typed) == [], typed


async def test_a_search_finds_only_what_the_person_may_see(service: Service) -> None:
    case_id = await service.create("requester-chu")
    reference = (await service.case(case_id))["reference"]
    for account in ("requester-roanne", "referent-roanne", "contact-roanne"):
        assert await service.found(reference, account) == await service.found("bloc", account) == [], account
    assert await service.found(reference, "auditor") == await service.found("bloc", "auditor") == [case_id]


async def test_a_search_keeps_its_status_its_pages_and_its_counts(service: Service) -> None:
    made = [await service.create(title=f"Bloc {n}") for n in range(3)]
    await service.create(title="Laboratoire")
    by = service.by("requester-chu")
    asked = {"q": "bloc", "status": "submitted", "limit": "2"}
    first = (await service.client.get("/demandes/api/requests", params=asked, headers=by)).json()
    rest = (
        await service.client.get("/demandes/api/requests", params={**asked, "after": first["next"]}, headers=by)
    ).json()
    assert [one["case_id"] for page in (first, rest) for one in page["requests"]] == made[::-1]
    assert rest["next"] is None
    assert await service.found("bloc", status="draft") == []
    counts = await service.client.get("/demandes/api/requests/counts", params={"q": "bloc"}, headers=by)
    assert counts.json()["total"] == 3


async def test_a_search_too_long_is_refused_and_bytes_that_are_no_text_find_nothing(service: Service) -> None:
    await service.create()
    by = service.by("requester-chu")
    refused = await service.client.get("/demandes/api/requests", params={"q": "x" * 201}, headers=by)
    assert refused.status_code in (400, 422)
    assert (await service.client.get("/demandes/api/requests?q=a%00b", headers=by)).status_code == 400
    answer = await service.client.get("/demandes/api/requests?q=%ED%A0%80", headers=by)
    assert (answer.status_code, answer.json()["requests"]) == (200, [])
