"""From a favourable verdict to a decided route, over HTTP, on a real database."""

from uuid import uuid4

from shared.contracts.events.requests import RequestWithdrawnV1
from shared.contracts.vocabulary import Verdict
from tests.helpers.purchasing_at_work import AtWork, purchasing_at_work
from tests.helpers.purchasing_cases import NOW, verdict
from tests.helpers.servers import Database

COSTS = {
    "term_years": 4,
    "renewal_years": 1,
    "bought": {"licences_cents": 9_600_000, "maintenance_per_year_cents": 2_360_000, "integration_cents": 7_000_000},
    "rented": {"subscription_per_year_cents": 4_200_000, "training_cents": 5_800_000},
    "retained": "bought",
    "exclusive_rights": "no",
}


async def test_a_favourable_verdict_opens_a_purchase_and_proposes_its_route_at_once(
    purchasing_database: Database,
) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        event = verdict(domain="gestion-temps", estimated_amount_cents=5_000_000)
        await service.hear(event)
        said = await service.outbox(event.case_id)
        found = await service.get(f"/achats/api/purchases/{event.case_id}")
    assert [kind for kind, _ in said] == ["route-proposed"]
    assert said[0][1]["route"] == "central_body_order"
    assert found["state"] == "to_confirm"
    assert found["proposal"]["explanation"]["tried"][-1]["matched"] is True


async def test_a_confirmed_route_goes_out_with_the_conditions(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        event = verdict(domain="gestion-temps", conditions=("Certificat HDS version 2 avant signature",))
        await service.hear(event)
        path = f"/achats/api/purchases/{event.case_id}"
        await service.post(f"{path}/decision", {"route": "central_body_order"}, status=409)
        await service.post(f"{path}/qualification", COSTS)
        await service.post(f"{path}/decision", {"route": "central_body_order"})
        again = await service.post(f"{path}/decision", {"route": "central_body_order"})
        await service.post(
            f"{path}/decision", {"route": "own_tender", "reason": "Parce que je préfère lancer un marché."}, status=409
        )
        said = await service.outbox(event.case_id)
    assert again["state"] == "decided"
    assert [kind for kind, _ in said] == ["route-proposed", "route-proposed", "route-decided"]
    assert said[-1][1]["conditions"] == ["Certificat HDS version 2 avant signature"]
    assert said[-1][1]["amount_cents"] == 28_400_000


async def test_an_unfavourable_verdict_opens_nothing_until_it_is_overruled(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        case_id = uuid4()
        await service.hear(verdict(case_id, decision=Verdict.UNFAVOURABLE))
        assert await service.told(case_id) == []
        await service.post(f"/achats/api/purchases/{case_id}/decision", {"route": "own_tender"}, status=409)
        await service.hear(verdict(case_id))
        assert await service.told(case_id) == ["route-proposed"]


async def test_a_withdrawal_that_arrives_first_keeps_the_verdict_from_opening_anything(
    purchasing_database: Database,
) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        case_id = uuid4()
        await service.hear(RequestWithdrawnV1(case_id=case_id, withdrawn_at=NOW, reason="Besoin disparu"))
        await service.hear(verdict(case_id))
        found = await service.get(f"/achats/api/purchases/{case_id}")
        assert await service.told(case_id) == []
    assert found["state"] == "closed"


async def test_an_event_delivered_twice_proposes_once(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        event, event_id = verdict(), uuid4()
        for _ in range(2):
            await service.hear(event, event_id=event_id)
        assert await service.told(event.case_id) == ["route-proposed"]


async def test_the_ceiling_of_an_agreement_holds_against_two_confirmations(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        cases = [verdict(domain="telemedecine", estimated_amount_cents=1_000_000) for _ in range(2)]
        await service.hear(*cases)
        answers = await _confirm_together(service, [event.case_id for event in cases])
    assert sorted(answers) == [200, 409]


async def _confirm_together(service: AtWork, case_ids: list[object]) -> list[int]:
    import asyncio

    sent = [
        service.http.post(
            f"/achats/api/purchases/{case_id}/decision",
            json={"route": "central_body_order"},
            headers=service.by("buyer"),
        )
        for case_id in case_ids
    ]
    return [answer.status_code for answer in await asyncio.gather(*sent)]


async def test_the_story_of_a_purchase_is_told_to_those_who_read_purchases(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        event = verdict(domain="gestion-temps")
        await service.hear(event)
        path = f"/achats/api/purchases/{event.case_id}"
        await service.post(f"{path}/qualification", COSTS)
        for account, status in (
            ("buyer", 200),
            ("auditor", 200),
            ("coordinator", 200),
            ("rssi", 403),
            ("operator", 403),
        ):
            for read in (path, f"/achats/api/cases/{event.case_id}/story"):
                answer = await service.http.get(read, headers=service.by(account))
                assert answer.status_code == status, (account, read, answer.text)
