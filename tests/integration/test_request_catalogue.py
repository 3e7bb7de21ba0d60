"""The GHT's catalogue as requests see it: searched in French, compared with the need, sent along with it."""

import json
from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID, uuid4

import pytest

from shared.contracts.events.catalogue_entries import (
    CatalogueEntryPublishedV1,
    CatalogueEntryRetiredV1,
    Deployment,
)
from tests.helpers.servers import Database
from tests.integration.request_service import NEED, Service, at_work

ENTRY = UUID("018f2f3e-0000-7000-8000-000000000001")


@pytest.fixture
async def service(request_database: Database) -> AsyncIterator[Service]:
    async with at_work(request_database) as running:
        yield running


def published(entry_id: UUID = ENTRY, product: str = "Planification du bloc (exemple A)") -> CatalogueEntryPublishedV1:
    return CatalogueEntryPublishedV1(
        entry_id=entry_id,
        product=product,
        vendor="Éditeur exemple",
        domain="bloc-operatoire",
        description="Régulation des salles et des brancardiers",
        deployments=(Deployment(establishment="420784878", since=date(2021, 3, 1)),),
        example=True,
    )


async def test_what_the_ght_already_runs_goes_with_the_need_at_once(service: Service) -> None:
    await service.hear(published())
    case_id = await service.create("requester-roanne")
    case = await service.case(case_id, "requester-roanne")
    assert [software["product"] for software in case["equipped"]] == ["Planification du bloc (exemple A)"]
    async with service.running.pool.acquire() as db:
        need = json.loads(await db.fetchval("SELECT data FROM outbox WHERE key = $1::uuid", case_id))["need"]
    assert need["equipped"][0]["establishments"] == ["420784878"]
    assert need["equipped"][0]["example"] is True


async def test_a_retired_entry_is_no_longer_proposed_and_may_come_back(service: Service) -> None:
    await service.hear(published(), CatalogueEntryRetiredV1(entry_id=ENTRY, reason="Fin de contrat"))
    assert (await service.case(await service.create()))["equipped"] == []
    await service.hear(published())
    assert len((await service.case(await service.create()))["equipped"]) == 1


async def test_what_a_retired_entry_was_does_not_depend_on_how_its_events_came(service: Service) -> None:
    retired = CatalogueEntryRetiredV1(entry_id=ENTRY, reason="Fin de contrat")
    await service.hear(published(product="Version 1"))
    await service.hear(published(product="Version 2"), retired)
    async with service.running.pool.acquire() as db:
        rows = await db.fetch("SELECT product, retired FROM catalogue_entry")
    assert [tuple(row) for row in rows] == [("Version 2", True)]


@pytest.mark.parametrize("words", ["planification bloc", "regulation", "Planifications", "planificasion du bloc"])
async def test_words_find_software_without_accents_and_with_small_mistakes(service: Service, words: str) -> None:
    await service.hear(published())
    found = await service.client.get(
        "/demandes/api/catalogue", params={"q": words}, headers=service.by("requester-chu")
    )
    assert [entry["entry_id"] for entry in found.json()["entries"]] == [str(ENTRY)]


async def test_the_words_of_a_domain_find_its_software_whatever_it_is_called(service: Service) -> None:
    await service.hear(published(product="Logiciel K"))
    found = await service.client.get(
        "/demandes/api/catalogue", params={"q": "bloc"}, headers=service.by("requester-chu")
    )
    assert [entry["product"] for entry in found.json()["entries"]] == ["Logiciel K"]


async def test_words_about_something_else_find_nothing(service: Service) -> None:
    await service.hear(published())
    found = await service.client.get(
        "/demandes/api/catalogue", params={"q": "paie"}, headers=service.by("requester-chu")
    )
    assert found.json()["entries"] == []


async def test_the_catalogue_goes_on_by_keyset(service: Service) -> None:
    await service.hear(*[published(uuid4(), f"Produit {n}") for n in range(5)])
    by = service.by("requester-chu")
    first = (await service.client.get("/demandes/api/catalogue", params={"limit": 3}, headers=by)).json()
    rest = (
        await service.client.get("/demandes/api/catalogue", params={"limit": 3, "after": first["next"]}, headers=by)
    ).json()
    assert [e["product"] for e in first["entries"] + rest["entries"]] == [f"Produit {n}" for n in range(5)]
    assert rest["next"] is None


async def test_a_similar_request_elsewhere_shows_its_title_and_nothing_more(service: Service) -> None:
    await service.create("requester-roanne", description="Un secret du service de Roanne.")
    params = {"domain": "bloc-operatoire", "q": "planifier le bloc operatoire"}
    found = await service.client.get(
        "/demandes/api/requests/similar", params=params, headers=service.by("requester-chu")
    )
    assert found.json()["requests"] == [
        {
            "title": NEED["title"],
            "establishment": "420780033",
            "status": "submitted",
            "status_label": "Envoyée",
            "case_id": None,
        }
    ]
    assert "secret" not in found.text


async def test_drafts_are_nobody_elses_business(service: Service) -> None:
    await service.create("requester-roanne", submit=False)
    found = await service.client.get(
        "/demandes/api/requests/similar", params={"domain": "bloc-operatoire"}, headers=service.by("requester-chu")
    )
    assert found.json()["requests"] == []
