"""What another version says or stores: nothing crashes, nothing is guessed; and commands keep the id of their call."""

from uuid import UUID, uuid4

import orjson

from services.purchasing.model.routing.table import PATH
from shared.contracts.events.reviews import Condition
from shared.identity.demo import DEMO_ACCOUNTS
from shared.identity.tokens import Tokens
from shared.web.http.access import SESSION_COOKIE
from tests.helpers.purchasing_at_work import SECRET, AtWork, purchasing_at_work
from tests.helpers.purchasing_cases import verdict
from tests.helpers.servers import Database

LATER = "barter"
"""A route of a later version."""


def _browse(service: AtWork, account: str) -> None:
    service.http.cookies.set(SESSION_COOKIE, Tokens(SECRET).issue(DEMO_ACCOUNTS[account].person, 3600).token)


async def test_the_event_of_a_command_carries_the_correlation_id_of_its_call(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        event = verdict(domain="gestion-temps", estimated_amount_cents=5_000_000)
        await service.hear(event)
        call = uuid4()
        answer = await service.http.post(
            f"/achats/api/purchases/{event.case_id}/decision",
            json={"route": "central_body_order"},
            headers=service.by("buyer") | {"X-Correlation-Id": str(call)},
        )
        assert answer.status_code == 200, answer.text
        rows = await service.running.pool.fetch(
            "SELECT type, correlation_id FROM outbox WHERE key = $1 ORDER BY position", event.case_id
        )
    assert [row[0].split(".")[1] for row in rows] == ["route-proposed", "route-decided"]
    assert rows[-1][1] == call
    assert rows[0][1] != call


async def test_a_verdict_that_is_not_known_is_parked_with_its_reason(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        event = verdict().model_copy(update={"verdict": "postponed", "verdict_label": "Ajournée"})
        await service.hear(event)
        parked = await service.running.pool.fetch("SELECT slug, reason FROM parked_message WHERE resolved_at IS NULL")
        assert await service.told(event.case_id) == []
        await service.get(f"/achats/api/purchases/{event.case_id}", status=404)
    assert [row[0] for row in parked] == ["unknown-verdict"]
    assert "Ajournée" in parked[0][1]


async def test_a_check_that_is_not_known_is_shown_by_its_label(purchasing_database: Database) -> None:
    duty = Condition(check="ethics", check_label="Éthique", text="Avis du comité avant signature")
    async with purchasing_at_work(purchasing_database) as service:
        event = verdict().model_copy(update={"conditions": (duty,)})
        await service.hear(event)
        found = await service.get(f"/achats/api/purchases/{event.case_id}")
        _browse(service, "buyer")
        page = await service.http.get(f"/achats/dossiers/{event.case_id}")
    assert found["conditions"] == [
        {"check": "ethics", "check_label": "Éthique", "text": "Avis du comité avant signature"}
    ]
    assert "Éthique" in page.text


async def test_a_route_of_a_later_version_crashes_no_list_and_no_page(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        confirmed, proposed = (verdict(domain="gestion-temps", estimated_amount_cents=5_000_000) for _ in range(2))
        await service.hear(confirmed, proposed)
        path = f"/achats/api/purchases/{confirmed.case_id}"
        await service.post(f"{path}/decision", {"route": "central_body_order"})
        for event in (confirmed, proposed):
            await _by_a_later_version(service, event.case_id)
        _browse(service, "buyer")
        for place in ("", "?etat=tous", "/echeances", "/regles", "/regles/publier"):
            shown = await service.http.get(f"/achats{place}")
            assert shown.status_code == 200, (place, shown.text[:500])
        for event in (confirmed, proposed):
            for place in ("", "/voie", "/qualification", "/marche"):
                shown = await service.http.get(f"/achats/dossiers/{event.case_id}{place}")
                assert shown.status_code == 200, (place, shown.text[:500])
            found = await service.get(f"/achats/api/purchases/{event.case_id}")
            assert found["proposal"]["route"] == LATER
        listed = await service.get("/achats/api/purchases")
        tables = await service.get("/achats/api/routing-tables")
        again = await service.post(
            f"/achats/api/purchases/{proposed.case_id}/qualification", {"term_years": 1, "exclusive_rights": "no"}
        )
    assert {item["route"] for item in listed["items"]} == {LATER}
    assert tables["items"][0]["document"]["rules"][-1]["route"] == LATER
    assert again["proposal"]["route"] == "central_body_order"


async def _by_a_later_version(service: AtWork, case_id: UUID) -> None:
    """Store a purchase, and a table, as a version with another route would."""
    table = orjson.loads(PATH.read_bytes()) | {"version": "later", "valid_from": "2098-01-01"}
    table["rules"][-1]["route"] = LATER
    async with service.running.pool.acquire() as db, db.transaction():
        await db.execute("SELECT set_config('app.establishments', '*', true)")
        await db.execute(
            "UPDATE purchase SET route = $2, work = replace(work, 'central_body_order', $2) WHERE case_id = $1",
            case_id,
            LATER,
        )
        await db.execute(
            "INSERT INTO routing_table VALUES ('later', '2098-01-01', $1, now(), 'Achats') ON CONFLICT DO NOTHING",
            orjson.dumps(table).decode(),
        )
