"""The follow-up page and the API: every field of the form reads back, conditions change, the award is shown."""

import re
from collections.abc import AsyncIterator
from datetime import date
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.basics.clock import now
from shared.contracts.events.purchases import (
    AgreementBrief,
    AwardedLot,
    AwardRecordedV1,
    Holder,
    RouteDecidedV1,
    RouteExplanation,
)
from shared.contracts.events.requests import RequestSubmittedV2
from shared.contracts.events.reviews import Condition, ConditionChangedV1, ReviewDecidedV1, ReviewOpenedV1
from shared.contracts.need import FormFields, Need, reads_of
from shared.web.pages.need_facts import value_in_french
from tests.helpers.case_facts import ABOUT, condition
from tests.helpers.filled_form import filled_form
from tests.helpers.servers import Database
from tests.integration.request_service import Service, at_work

REVIEW_PAGE = "/instruction/dossiers/"


@pytest.fixture
async def service(request_database: Database) -> AsyncIterator[Service]:
    async with at_work(request_database) as running:
        yield running


async def page(service: Service, path: str, account: str = "requester-chu") -> str:
    """A page as this person reads it, on one line."""
    service.client.cookies.clear()
    await service.client.get("/connexion")
    token = service.client.cookies.get("convergence_csrf") or ""
    await service.client.post("/connexion", data={"_csrf_token": token, "account": account, "next": "/"})
    answer = await service.client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", unescape(answer.text))


async def need_sent(service: Service, case_id: str) -> Need:
    async with service.running.pool.acquire() as db:
        said = await db.fetchval("SELECT data FROM outbox WHERE key = $1::uuid", case_id)
    return RequestSubmittedV2.model_validate_json(said).need


async def heard(service: Service, *conditions: Condition) -> str:
    """A case that the review decided under these conditions."""
    case_id = await service.create()
    need = await need_sent(service, case_id)
    case: dict[str, Any] = {"case_id": UUID(case_id), "about": ABOUT}
    await service.hear(
        ReviewOpenedV1(**case, opened_at=now(), checks=()),
        ReviewDecidedV1(
            **case, decided_at=now(), verdict="favourable_with_conditions", opinions=(), conditions=conditions,
            need=need,
        ),
    )  # fmt: skip
    return case_id


@pytest.mark.parametrize("path", ["", "/verification"])
async def test_every_field_reads_back_to_the_requester(service: Service, path: str) -> None:
    form = filled_form()
    case_id = await service.create(**form.model_dump(mode="json"), submit=path == "")
    shown = await page(service, f"/demandes/{case_id}{path}")
    for field in FormFields.model_fields:
        value = re.sub(r"\s+", " ", value_in_french(form, field, reads_of(field)))
        assert value in shown, f"{field} is dropped on the way to the requester"
    assert (await service.case(case_id))["form"] == form.model_dump(mode="json")


async def test_every_field_stands_in_the_step_that_asks_for_it(service: Service) -> None:
    form = filled_form()
    case_id = await service.create(**form.model_dump(mode="json"), submit=False)
    steps = ("nature", "besoin", "utilisateurs", "continuite")
    shown = " ".join([await page(service, f"/demandes/{case_id}/{slug}") for slug in steps])
    for field in FormFields.model_fields:
        assert f'name="{field}"' in shown, f"{field} is not drawn"


async def test_a_condition_is_shown_as_it_stands_now(service: Service) -> None:
    first = condition()
    case_id = await heard(service, first)
    shown = await page(service, f"/demandes/{case_id}")
    assert "Tester le mode dégradé" in shown
    assert "1 réserve à lever" in shown
    assert '<span class="tag warn">À lever</span> Responsable de service, CHU de Saint-Étienne' in shown
    assert "Avant la mise en service" in shown
    met = first.model_copy(update={"state": "met"})
    changed = ConditionChangedV1(
        case_id=UUID(case_id), about=ABOUT, condition=met, changed_at=now(), changed_by_title="RSSI"
    )
    await service.hear(changed)
    shown = await page(service, f"/demandes/{case_id}")
    assert '<span class="tag good">Levée</span>' in shown
    assert "réserve à lever" not in shown
    [told] = (await service.case(case_id))["conditions"]
    assert (told["condition_id"], told["state"], told["state_label"], told["tone"], told["due_label"]) == (
        str(first.condition_id), "met", "Levée", "good", "Avant la mise en service",
    )  # fmt: skip


async def test_the_review_is_linked_for_those_who_may_open_it(service: Service) -> None:
    case_id = await heard(service, condition())
    assert REVIEW_PAGE not in await page(service, f"/demandes/{case_id}")
    assert REVIEW_PAGE in await page(service, f"/demandes/{case_id}", "coordinator")
    assert (await service.case(case_id))["review_page"] is None
    assert (await service.case(case_id, "coordinator"))["review_page"] == f"{REVIEW_PAGE}{case_id}"


async def test_an_awarded_contract_is_the_last_step(service: Service) -> None:
    case_id = await heard(service)
    case: dict[str, Any] = {"case_id": UUID(case_id), "about": ABOUT, "route": "central_body_order"}
    agreement = AgreementBrief(agreement_id=uuid4(), name="Logiciels de bloc", body="Centrale exemple")
    why = RouteExplanation(rule="R3", table_version="1", tried=())
    decided = RouteDecidedV1(
        **case, decided_at=now(), proposed="central_body_order", overridden=False, decided_by_title="Acheteur",
        explanation=why, in_plain_words="On commande.", term_months=48, agreement=agreement,
    )  # fmt: skip
    await service.hear(decided)
    shown = await page(service, f"/demandes/{case_id}")
    assert "Logiciels de bloc" in shown
    assert "4 ans" in shown
    assert "Marché attribué" not in shown
    lots = (AwardedLot(holders=(Holder(name="Éditeur exemple"),)),)
    award = AwardRecordedV1(
        **case, award_id=uuid4(), revision=1, recorded_at=now(), recorded_by_title="Acheteur", lots=lots,
        starts_on=date(2027, 1, 1), ends_on=date(2030, 12, 31),
    )  # fmt: skip
    await service.hear(award)
    shown = await page(service, f"/demandes/{case_id}")
    assert "Éditeur exemple, du 1er janvier 2027 au 31 décembre 2030" in shown
    told = await service.case(case_id)
    assert (told["status"], told["status_label"]) == ("awarded", "Marché attribué")
    assert told["award"]["holders"] == ["Éditeur exemple"]
    assert (told["route"]["agreement"], told["route"]["term_months"]) == ("Logiciels de bloc", 48)
    assert "withdraw" not in told["may"]
    assert case_id in await page(service, "/demandes?statut=decidees")
