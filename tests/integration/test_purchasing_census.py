"""The members of the GHT are asked: who may answer, until when, and what the answers come to; over HTTP, on a real database."""

from datetime import timedelta
from uuid import UUID

from shared.basics.clock import now
from tests.helpers.purchasing_at_work import AtWork, purchasing_at_work
from tests.helpers.purchasing_cases import verdict
from tests.helpers.servers import Database

QUALIFIED = {
    "term_years": 4,
    "bought": {"licences_cents": 28_400_000},
    "retained": "bought",
    "exclusive_rights": "no",
}
OPEN = {"route": "ght_census", "message": "Vingt salles à planifier."}
JOIN = {"answer": "joining", "volume": "6 salles"}


async def _asked(service: AtWork) -> UUID:
    event = verdict(domain="bloc-operatoire")
    await service.hear(event)
    await service.post(f"/achats/api/purchases/{event.case_id}/qualification", QUALIFIED)
    asked = await service.post(f"/achats/api/purchases/{event.case_id}/decision", OPEN)
    assert asked["state"] == "census"
    return event.case_id


async def _answer(service: AtWork, case_id: UUID, account: str, body: dict[str, str], status: int = 200) -> None:
    answer = await service.http.put(f"/achats/api/censuses/{case_id}/answer", json=body, headers=service.by(account))
    assert answer.status_code == status, answer.text


async def test_silence_at_the_deadline_is_not_joining(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        case_id = await _asked(service)
        await _answer(service, case_id, "contact-firminy", JOIN)
        assert await service.sweep(now()) == 0
        assert await service.sweep(now() + timedelta(days=60)) == 1
        said = await service.outbox(case_id)
        await _answer(service, case_id, "contact-forez", JOIN, status=409)
    assert [kind for kind, _ in said][-3:] == ["census-opened", "census-closed", "route-decided"]
    assert {a["establishment"] for a in said[-2][1]["answers"] if a["answered"]} == {"420780652"}
    assert all(a["answer"] == "not_joining" for a in said[-2][1]["answers"] if not a["answered"])
    assert said[-1][1]["route"] == "shared_tender"
    assert said[-1][1]["joined"] == ["420780652"]
    assert said[-1][1]["run_by"] == "420784878"


async def test_nobody_joining_leads_to_a_tender_of_ones_own(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        case_id = await _asked(service)
        await service.sweep(now() + timedelta(days=60))
        said = await service.outbox(case_id)
    assert said[-1][1]["route"] == "own_tender"
    assert said[-1][1]["overridden"] is False


async def test_a_member_answers_for_its_own_establishment_only(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        case_id = await _asked(service)
        await _answer(service, case_id, "contact-roanne", JOIN, status=403)  # the one that asks
        await _answer(service, case_id, "requester-chu", JOIN, status=403)
        await _answer(service, case_id, "contact-firminy", JOIN)
        seen = await service.get(f"/achats/api/censuses/{case_id}", "contact-forez")
        await service.get(f"/achats/api/censuses/{case_id}", "contact-roanne", status=404)
        await service.get(f"/achats/api/purchases/{case_id}", "contact-forez", status=403)
    assert seen["reply"] is None


async def test_a_member_may_change_its_answer_until_it_closes(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        case_id = await _asked(service)
        await _answer(service, case_id, "contact-firminy", JOIN)
        await _answer(service, case_id, "contact-firminy", {"answer": "already_equipped"}, status=422)
        await _answer(service, case_id, "contact-firminy", {"answer": "already_equipped", "software": "Exemple A"})
        seen = await service.get(f"/achats/api/censuses/{case_id}", "contact-firminy")
        counted = await service.get("/achats/api/censuses")
    assert seen["reply"]["software"] == "Exemple A"
    assert counted["items"][0]["answered"] == 1


async def test_a_late_purchase_is_told_to_the_buyer_once(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        event = verdict()
        await service.hear(event)
        later = now() + timedelta(days=12)
        assert await service.sweep(later) == 1
        assert await service.sweep(later) == 0
        late = await service.get("/achats/api/purchases?late=true")
        told = await service.told(event.case_id)
    assert told == ["route-proposed", "purchase-late"]
    assert [item["case_id"] for item in late["items"]] == [str(event.case_id)]


async def test_a_further_competition_may_be_run_together(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        event = verdict(domain="imagerie-pacs", estimated_amount_cents=10_000_000)
        await service.hear(event)
        path = f"/achats/api/purchases/{event.case_id}/decision"
        await service.post(path, {"route": "central_body_further_competition", "ask_members": True})
        await _answer(service, event.case_id, "contact-forez", JOIN)
        await service.sweep(now() + timedelta(days=60))
        said = await service.outbox(event.case_id)
        agreement = await service.get(f"/achats/api/agreements/{said[-1][1]['agreement_id']}")
    assert said[-1][1]["route"] == "central_body_further_competition"
    assert said[-1][1]["joined"] == ["420013831"]
    assert agreement["consumed_cents"] == 310_000_000 + 10_000_000
