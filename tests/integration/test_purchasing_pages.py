"""The pages of purchasing, without JavaScript, as each role finds them."""

import re
from uuid import UUID

import httpx

from shared.identity.demo import DEMO_ACCOUNTS
from shared.identity.tokens import Tokens
from shared.web.http.access import SESSION_COOKIE
from tests.helpers.purchasing_at_work import SECRET, AtWork, purchasing_at_work
from tests.helpers.purchasing_cases import verdict
from tests.helpers.servers import Database

LISTS = ("", "/recensements", "/accords", "/echeances", "/regles", "/seuils", "/politiques")
CSRF = re.compile(r'name="_csrf_token" value="([^"]+)"')


def _browse(service: AtWork, account: str) -> None:
    service.http.cookies.clear()
    service.http.cookies.set(SESSION_COOKIE, Tokens(SECRET).issue(DEMO_ACCOUNTS[account].person, 3600).token)


async def _send(service: AtWork, page: str, action: str, **fields: str) -> httpx.Response:
    """Fill in the form of a page and send it."""
    shown = await service.http.get(page)
    token = CSRF.search(shown.text)
    assert token, shown.text[:500]
    return await service.http.post(action, data={"_csrf_token": token[1], **fields})


async def _case(service: AtWork) -> UUID:
    event = verdict(conditions=("Certificat HDS",))
    await service.hear(event)
    return event.case_id


async def test_every_page_is_shown_to_those_who_may_read_it(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        here = f"/dossiers/{await _case(service)}"
        for account in ("buyer", "auditor", "coordinator"):
            _browse(service, account)
            for page in (*LISTS, here, f"{here}/qualification", f"{here}/voie"):
                answer = await service.http.get(f"/achats{page}")
                assert answer.status_code == 200, (account, page, answer.text[:500])
                assert answer.text.count("<h1") == 1


async def test_others_are_led_to_where_they_have_something_to_do(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        case_id = await _case(service)
        for account, place in (("contact-forez", "/achats/recensements"), ("requester-roanne", "/demandes")):
            _browse(service, account)
            answer = await service.http.get("/achats")
            assert answer.status_code == 303
            assert answer.headers["location"].endswith(place)
            assert (await service.http.get(f"/achats/dossiers/{case_id}")).status_code == 403


async def test_a_purchase_goes_from_its_costs_to_its_census_and_an_answer(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        case_id = await _case(service)
        here = f"/achats/dossiers/{case_id}"
        _browse(service, "buyer")
        costs = {"term_years": "4", "renewal_years": "1", "retained": "bought", "exclusive_rights": "no"}
        wrong = await _send(
            service, f"{here}/qualification", f"{here}/qualification", **costs, bought_licences_cents="x"
        )
        assert wrong.status_code == 422
        assert "<title>Erreur" in wrong.text
        costs |= {"bought_licences_cents": "96 000", "bought_maintenance_per_year_cents": "23 600,50"}
        kept = await _send(service, f"{here}/qualification", f"{here}/qualification", **costs)
        assert kept.status_code == 303, kept.text
        without_reason = await _send(service, f"{here}/voie", f"{here}/voie", depuis="voie", route="own_tender")
        assert without_reason.status_code == 422
        asked = await _send(service, here, f"{here}/voie", depuis="dossier", route="ght_census", message="Vingt salles")
        assert asked.status_code == 303, asked.text
        _browse(service, "contact-forez")
        place = f"/achats/recensements/{case_id}"
        unnamed = await _send(service, place, place, answer="already_equipped")
        assert unnamed.status_code == 422
        answered = await _send(service, place, place, answer="joining", volume="6 salles")
        assert answered.status_code == 303
        found = await service.get(f"/achats/api/purchases/{case_id}")
    assert found["amount_cents"] == 9_600_000 + 5 * 2_360_050
    assert [m["answer"] for m in found["census"]["members"] if m["establishment"] == "420013831"] == ["joining"]


async def test_a_page_confirms_the_agreement_that_it_shows(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        event = verdict(domain="gestion-temps", estimated_amount_cents=5_000_000)
        await service.hear(event)
        here = f"/achats/dossiers/{event.case_id}"
        _browse(service, "buyer")
        shown = re.search(r'name="shown_agreement_id" value="([^"]+)"', (await service.http.get(here)).text)
        assert shown
        confirmed = {"depuis": "dossier", "route": "central_body_order"}
        moved = await _send(service, here, f"{here}/voie", **confirmed, shown_agreement_id=str(event.case_id))
        assert moved.status_code == 422
        assert "un autre accord-cadre" in moved.text
        kept = await _send(service, here, f"{here}/voie", **confirmed, shown_agreement_id=shown[1])
        assert kept.status_code == 303, kept.text


async def test_an_agreement_is_entered_and_withdrawn_on_screen(purchasing_database: Database) -> None:
    async with purchasing_at_work(purchasing_database) as service:
        _browse(service, "buyer")
        fields = {
            "body": "CAIH",
            "kind": "order",
            "title": "Restauration",
            "cpv": "48610000, 48430000",
            "valid_from": "2026-01-01",
            "valid_to": "2027-12-31",
            "ceiling_cents": "100 000",
            "may_order": "everyone",
            "named": "yes",
        }
        new = "/achats/accords/nouveau"
        wrong = await _send(service, new, new, **{**fields, "cpv": "1"})
        assert wrong.status_code == 422
        entered = await _send(service, new, new, **fields)
        assert entered.status_code == 303, entered.text
        place = entered.headers["location"]
        assert "Restauration" in (await service.http.get(place)).text
        gone = await _send(service, f"{place}/retrait", f"{place}/retrait")
        assert gone.status_code == 303
        assert "Retiré" in (await service.http.get(place)).text
