"""The pages of the review service, without JavaScript, on a real database."""

import re
from datetime import timedelta
from typing import Any

import httpx

from shared.basics import clock
from shared.contracts.vocabulary import CheckKind
from shared.identity.demo import REVIEWER_OF
from tests.helpers.review_cases import MONDAY, client, deliver, review_service, submitted
from tests.helpers.servers import Database
from tests.integration.test_review_opinions import FAVOURABLE


async def post(http: httpx.AsyncClient, page: str, path: str, fields: dict[str, Any]) -> httpx.Response:
    """Send a form as the browser does, with the token of the page it stands on."""
    html = (await http.get(page)).text
    token = re.search(r'name="_csrf_token" value="([^"]+)"', html)
    assert token, html[:2000]
    return await http.post(path, data={"_csrf_token": token[1], **fields}, headers={"Authorization": ""})


async def test_a_reviewer_takes_answers_and_closes_a_check(review_database: Database) -> None:
    async with review_service(review_database) as running, client(running, "rssi") as http:
        event = submitted(data="health")
        await deliver(running, event, MONDAY)
        queue, page = "/instruction/security", f"/instruction/dossiers/{event.case_id}/security"
        assert event.need.title in (await http.get(queue)).text
        taken = await post(http, queue, f"{queue}/prendre", {"un": str(event.case_id)})
        assert taken.headers["location"] == page
        html = (await http.get(page)).text
        items = re.findall(r'name="a-([a-z0-9-]+)" id=', html)
        assert len(items) > 5
        lacking = await post(http, page, f"{page}/avis", {"opinion": "favourable", f"a-{items[0]}": "no"})
        assert lacking.status_code == 422
        assert "<title>Erreur" in lacking.text
        assert f'href="#f-p-{items[0]}"' in lacking.text
        answers = {f"a-{item}": "yes" for item in items} | {f"p-{item}": "Vu le 12 novembre." for item in items}
        answers |= {f"a-{items[0]}": "no", "opinion": "favourable_with_conditions"}
        done = await post(http, page, f"{page}/avis", answers)
        assert done.status_code == 303, re.findall(r'class="errors".*?</div>', done.text, re.DOTALL)
        whole = await http.get(done.headers["location"])
    assert "Favorable avec réserves" in whole.text
    assert "Vu le 12 novembre." in whole.text


async def test_answers_are_kept_while_one_types(review_database: Database) -> None:
    async with review_service(review_database) as running, client(running, "rssi") as http:
        event = submitted()
        await deliver(running, event, MONDAY)
        page = f"/instruction/dossiers/{event.case_id}/security"
        await post(http, page, "/instruction/security/prendre", {"un": str(event.case_id)})
        html = (await http.get(page)).text
        token = re.search(r'name="_csrf_token" value="([^"]+)"', html)
        assert token
        saved = await http.post(
            f"{page}/reponses",
            data={"_csrf_token": token[1], "a-backup": "no", "p-backup": ""},
            headers={"hx-request": "true"},
        )
        assert saved.status_code == 200
        assert "Enregistré à" in saved.text
        assert 'hx-swap-oob="true"' in saved.text
        again = (await http.get(page)).text
    assert re.search(r'name="a-backup"[^>]*value="no" checked', again)


async def test_every_page_opens_for_those_who_may_and_not_for_others(review_database: Database) -> None:
    async with review_service(review_database) as running:
        event = submitted(data="health")
        await deliver(running, event, MONDAY)
        case = f"/instruction/dossiers/{event.case_id}"
        pages = [
            "/instruction",
            "/instruction/security?etat=ouverts&sante=1",
            case,
            f"{case}/security",
            "/instruction/absences",
        ]
        for account, wanted in (
            ("coordinator", [200] * 5),
            ("auditor", [200] * 5),
            ("rssi", [200, 200, 200, 200, 403]),
            ("reviewer-functional", [200, 403, 200, 200, 403]),
            ("reviewer-functional-roanne", [200, 403, 404, 404, 403]),
            ("requester-chu", [403] * 5),
        ):
            async with client(running, account) as http:
                found = [(await http.get(page)).status_code for page in pages]
            assert found == wanted, account
        for etat in ("a-prendre", "miens", "attente", "retard", "ouverts", "clos", "n'importe"):
            async with client(running, "rssi") as http:
                assert (await http.get("/instruction/security", params={"etat": etat})).status_code == 200


async def test_the_requester_is_asked_from_the_page_and_the_clock_stops(review_database: Database) -> None:
    async with review_service(review_database) as running, client(running, "rssi") as http:
        event = submitted()
        await deliver(running, event, MONDAY)
        page = f"/instruction/dossiers/{event.case_id}/security"
        await post(http, page, "/instruction/security/prendre", {"un": str(event.case_id)})
        empty = await post(http, page, f"{page}/question", {"question": " "})
        assert empty.status_code == 422
        asked = await post(http, page, f"{page}/question", {"question": "Qui héberge les données ?"})
        assert asked.status_code == 303
        assert "Horloge arrêtée" in (await http.get(page)).text
        released = await post(http, page, f"{page}/rendre", {})
        assert released.status_code == 303


async def test_the_coordinator_arbitrates_reassigns_and_notes_absences(review_database: Database) -> None:
    async with review_service(review_database) as running, client(running, "coordinator") as boss:
        event = submitted()
        await deliver(running, event, MONDAY)
        case = f"/instruction/dossiers/{event.case_id}"
        moved = await post(boss, case, f"{case}/functional/reaffecter", {"reviewer": "reviewer-functional-2"})
        assert moved.status_code == 303
        async with client(running, REVIEWER_OF[CheckKind.SKILLS]) as http:
            await http.post(f"/instruction/api/reviews/{event.case_id}/checks/skills/opinion", json=FAVOURABLE)
        short = await post(boss, case, f"{case}/arbitrage", {"verdict": "unfavourable", "reason": "non"})
        assert short.status_code == 422
        assert "f-reason" in short.text
        fields = {"verdict": "unfavourable", "reason": "Le schéma directeur prévoit un autre outil pour ce domaine."}
        assert (await post(boss, case, f"{case}/arbitrage", fields)).status_code == 303
        assert "par arbitrage" in (await boss.get(case)).text
        day = clock.now().date()
        away = {"reviewer": "rssi", "substitute": "dpo", "from_on": str(day), "to_on": str(day - timedelta(days=30))}
        refused = await post(boss, "/instruction/absences", "/instruction/absences", away)
        assert refused.status_code == 422
        away |= {"substitute": "rssi-2", "to_on": str(day + timedelta(days=30))}
        assert (await post(boss, "/instruction/absences", "/instruction/absences", away)).status_code == 303
        listed = (await boss.get("/instruction/absences")).text
        remove = re.search(r'href="(/instruction/absences/[^"]+)"', listed)
        assert remove
        assert "Supprimer cette absence" in (await boss.get(remove[1])).text
        assert (await post(boss, remove[1], remove[1], {})).status_code == 303
