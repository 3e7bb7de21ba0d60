"""What buyers change without a release, over HTTP on a real database: agreements, policies, tables; and who may not."""

import copy
from datetime import timedelta
from typing import Any

import orjson

from services.purchasing.model.routing.table import PATH
from shared.basics.calendar import local
from shared.basics.clock import now
from tests.helpers.purchasing_at_work import AtWork, purchasing_at_work
from tests.helpers.purchasing_cases import FOREZ, ROANNE, verdict
from tests.helpers.servers import Database

AGREEMENT: dict[str, Any] = {
    "body": "Resah",
    "kind": "order",
    "title": "Logiciels de restauration",
    "domains": ["restauration"],
    "valid_from": "2026-01-01",
    "valid_to": "2029-12-31",
    "ceiling_cents": 10_000_000,
    "may_order": "everyone",
    "named_at_start": False,
}


async def _proposed(service: AtWork, **given: Any) -> dict[str, Any]:
    event = verdict(**given)
    await service.hear(event)
    found: dict[str, Any] = (await service.get(f"/achats/api/purchases/{event.case_id}"))["proposal"]
    return found


async def test_an_agreement_counts_from_the_next_verdict_on(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        before = await _proposed(service, domain="restauration")
        entered = await service.post("/achats/api/agreements", AGREEMENT, status=201)
        after = await _proposed(service, domain="restauration")
        await service.post(f"/achats/api/agreements/{entered['agreement_id']}/withdrawal", {"reason": "Accord dénoncé"})
        withdrawn = await _proposed(service, domain="restauration")
    assert before["route"] == "ght_census"
    assert (after["route"], after["agreement_id"]) == ("central_body_order", entered["agreement_id"])
    assert any("MECSS" in warning for warning in after["warnings"])
    assert withdrawn["route"] == "ght_census"


async def test_two_buyers_do_not_change_an_agreement_over_each_other(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        entered = await service.post("/achats/api/agreements", AGREEMENT, status=201)
        path = f"/achats/api/agreements/{entered['agreement_id']}"
        for title, status in (("Restauration, lot 1", 200), ("Restauration, lot 2", 409)):
            changed = {**AGREEMENT, "title": title, "revision": 1}
            answer = await service.http.put(path, json=changed, headers=service.by("buyer"))
            assert answer.status_code == status, answer.text


async def test_what_is_sent_again_is_answered_as_the_first_time(purchasing_database: Database) -> None:
    policy = {"establishment": ROANNE, "allowed": True, "source": "Délibération du conseil"}
    policy["valid_from"] = local(now()).date().isoformat()
    table = orjson.loads(PATH.read_bytes())
    table |= {"version": "2", "valid_from": (now() + timedelta(days=2)).date().isoformat()}
    async with purchasing_at_work(purchasing_database) as service:
        for path, body in (("agreements", AGREEMENT), ("policies", policy), ("routing-tables", table)):
            first = await service.post(f"/achats/api/{path}", body, status=201)
            assert await service.post(f"/achats/api/{path}", body, status=201) == first
        agreements = (await service.get("/achats/api/agreements"))["items"]
        entered = [one for one in agreements if one["title"] == AGREEMENT["title"]]
        assert len(entered) == 1
        changed = {**AGREEMENT, "note": "Relu avec la centrale", "revision": 1}
        where = f"/achats/api/agreements/{entered[0]['agreement_id']}"
        answers = [await service.http.put(where, json=changed, headers=service.by("buyer")) for _ in range(2)]
    assert [answer.json()["revision"] for answer in answers] == [2, 2]


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"cpv": ["99999999"]}, "cpv"),
    ({"domains": []}, "domains"),
    ({"valid_to": "2025-01-01"}, "valid_to"),
    ({"orderers": ["000000000"]}, "orderers"),
    ({"title": "a\u0000b"}, "title"),
    ({"ceiling_cents": 10**20}, "ceiling_cents"),
    ({"body": "Autre"}, "body"),
)


async def test_a_wrong_agreement_is_refused_field_by_field(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        for wrong, field in WRONG:
            refused = await service.post("/achats/api/agreements", {**AGREEMENT, **wrong}, status=422)
            assert field in {error["field"].split(".")[0] for error in refused["errors"]}


async def test_direct_purchase_is_allowed_by_a_dated_policy(purchasing_database: Database) -> None:
    cheap = {"domain": "restauration", "estimated_amount_cents": 1_000_000, "establishment": ROANNE}
    async with purchasing_at_work(purchasing_database) as service:
        before = await _proposed(service, **cheap)
        policy = {"establishment": ROANNE, "allowed": True, "source": "Délibération du conseil"}
        await service.post("/achats/api/policies", {**policy, "valid_from": "2020-01-01"}, status=422)
        today = local(now()).date().isoformat()
        await service.post("/achats/api/policies", {**policy, "valid_from": today}, status=201)
        await service.post("/achats/api/policies", {**policy, "allowed": False, "valid_from": today}, status=409)
        after = await _proposed(service, **cheap)
    assert before["route"] == "ght_census"
    assert after["route"] == "direct_purchase"


async def test_a_published_table_decides_from_its_day_on(purchasing_database: Database) -> None:
    table = orjson.loads(PATH.read_bytes())
    tomorrow = (now() + timedelta(days=2)).date().isoformat()
    table |= {"version": "2", "valid_from": tomorrow, "title": "Sans recensement"}
    table["rules"][-1] |= {"id": "tender", "route": "own_tender", "title": "Appel d’offres direct"}
    async with purchasing_at_work(purchasing_database) as service:
        await service.post("/achats/api/routing-tables", table, status=201)
        await service.post("/achats/api/routing-tables", {**table, "title": "Une autre"}, status=409)
        event = verdict()
        await service.hear(event)
        qualification = {"term_years": 4, "exclusive_rights": "no"}
        path = f"/achats/api/purchases/{event.case_id}/qualification"
        now_ = await service.post(path, qualification)
        later = await service.post(path, {**qualification, "launch_on": tomorrow})
        known = await service.get("/achats/api/routing-tables")
    assert now_["proposal"]["route"] == "ght_census"
    assert (later["proposal"]["route"], later["proposal"]["explanation"]["table_version"]) == ("own_tender", "2")
    assert [one["version"] for one in known["items"]] == ["2", "1"]


async def test_a_table_with_errors_says_each_of_them(purchasing_database: Database) -> None:
    table = copy.deepcopy(orjson.loads(PATH.read_bytes()))
    table["rules"][1]["when"][0]["fact"] = "weather"
    table["rules"].pop()
    async with purchasing_at_work(purchasing_database) as service:
        refused = await service.post("/achats/api/routing-tables", table, status=422)
    assert {"rules.1.when.0.fact", "rules"} <= {error["field"] for error in refused["errors"]}


async def test_only_buyers_change_what_routes_are_computed_from(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        event = verdict(domain="gestion-temps")
        await service.hear(event)
        for account in ("auditor", "coordinator", "requester-roanne", "contact-forez", "rssi"):
            await service.post("/achats/api/agreements", AGREEMENT, account, status=403)
            await service.post(
                f"/achats/api/purchases/{event.case_id}/decision", {"route": "central_body_order"}, account, 403
            )


async def test_the_award_gives_the_contract_its_deadline(purchasing_database: Database) -> None:
    award = {
        "supplier": "Fournisseur exemple A",
        "amount_cents": 1_000_000,
        "starts_on": "2027-01-01",
        "ends_on": "2030-12-31",
    }
    async with purchasing_at_work(purchasing_database) as service:
        event = verdict(domain="gestion-temps", estimated_amount_cents=1_000_000)
        await service.hear(event)
        path = f"/achats/api/purchases/{event.case_id}"
        await service.post(f"{path}/award", award, status=409)
        await service.post(f"{path}/decision", {"route": "central_body_order"})
        await service.post(f"{path}/award", {**award, "ends_on": "2026-01-01"}, status=422)
        await service.post(f"{path}/award", award)
        found = await service.get(path)
    assert found["award"]["ends_on"] == "2030-12-31"


async def test_what_may_be_the_same_need_is_shown_with_its_sum(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        first = verdict(domain="restauration", estimated_amount_cents=3_000_000, establishment=FOREZ)
        second = verdict(domain="restauration", estimated_amount_cents=3_500_000, establishment=FOREZ)
        await service.hear(first, second)
        path = f"/achats/api/purchases/{second.case_id}"
        alike = await service.get(f"{path}/alike")
        qualification = {"term_years": 1, "exclusive_rights": "no", "same_need": [str(first.case_id)]}
        split = await service.post(f"{path}/qualification", qualification)
        await service.post(f"{path}/qualification", {**qualification, "same_need": [str(second.case_id)]}, status=422)
    assert alike["sum_cents"] == 3_000_000
    assert split["proposal"]["amount_cents"] == 6_500_000
    assert split["proposal"]["route"] == "ght_census"
