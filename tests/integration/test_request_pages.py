"""The pages of requests without JavaScript: written step by step, sent once, followed, withdrawn."""

import re
from collections.abc import AsyncIterator
from datetime import date
from html import escape
from urllib.parse import urlencode
from uuid import UUID, uuid4

import httpx
import pytest

from shared.basics.clock import now
from shared.contracts.events.reviews import QuestionAskedV1
from shared.contracts.vocabulary import CheckKind
from tests.helpers.servers import Database
from tests.integration.request_service import NEED, Service, at_work


@pytest.fixture
async def service(request_database: Database) -> AsyncIterator[Service]:
    async with at_work(request_database) as running:
        yield running


class Browser:
    """A browser without JavaScript: cookies, forms and their hidden fields."""

    def __init__(self, service: Service) -> None:
        self.client = service.client

    async def sign_in(self, account: str) -> None:
        await self.get("/connexion")
        await self.post("/connexion", account=account, next="/")

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path, follow_redirects=True)

    async def post(self, path: str, **fields: str) -> httpx.Response:
        token = self.client.cookies.get("convergence_csrf") or ""
        return await self.client.post(path, data={"_csrf_token": token, **fields}, follow_redirects=True)


@pytest.fixture
async def browser(service: Service) -> Browser:
    browser = Browser(service)
    await browser.sign_in("requester-chu")
    return browser


def case_in(url: object) -> str:
    found = re.search(r"/demandes/([0-9a-f-]{36})", str(url))
    assert found is not None, url
    return found[1]


def links(page: httpx.Response) -> list[str]:
    """The cases that a list links to, in its order."""
    return re.findall(r'<tr><td><a href="/demandes/([0-9a-f-]{36})"', page.text)


async def written(browser: Browser) -> str:
    """A complete draft, step by step."""
    page = await browser.post("/demandes/nouvelle", key=str(uuid4()), kind="new")
    case_id = case_in(page.url)
    await browser.post(
        f"/demandes/{case_id}/besoin", title="Planifier le bloc", description=NEED["description"], domain=NEED["domain"]
    )
    await browser.post(f"/demandes/{case_id}/utilisateurs", users="1 284", sites="Bloc central")
    page = await browser.post(
        f"/demandes/{case_id}/continuite",
        data="health",
        care_stops="true",
        max_downtime_hours="4",
        urgency="normal",
        estimated_amount_cents="284 000",
    )
    assert str(page.url).endswith("/verification")
    return case_id


async def test_a_request_is_written_step_by_step_and_sent(service: Service, browser: Browser) -> None:
    case_id = await written(browser)
    page = await browser.post(f"/demandes/{case_id}/envoi")
    assert "est envoyée à la DSI" in page.text
    case = await service.case(case_id)
    assert case["form"]["users"] == 1284
    assert case["form"]["estimated_amount_cents"] == 28_400_000
    assert case["status"] == "submitted"


async def test_a_double_click_makes_one_draft_and_one_request(service: Service, browser: Browser) -> None:
    key = str(uuid4())
    first = await browser.post("/demandes/nouvelle", key=key, kind="new")
    again = await browser.post("/demandes/nouvelle", key=key, kind="new")
    assert case_in(first.url) == case_in(again.url)
    case_id = await written(browser)
    await browser.post(f"/demandes/{case_id}/envoi")
    await browser.post(f"/demandes/{case_id}/envoi")
    assert await service.outbox(case_id) == ["convergence.request-submitted.v2"]


async def test_what_was_typed_is_kept_beside_its_error(browser: Browser) -> None:
    case_id = await written(browser)
    page = await browser.post(f"/demandes/{case_id}/continuite", max_downtime_hours="beaucoup", urgency="normal")
    assert page.status_code == 422
    assert "<title>Erreur" in page.text
    assert 'value="beaucoup"' in page.text


async def test_an_incomplete_draft_says_what_it_lacks_and_where(browser: Browser) -> None:
    page = await browser.post("/demandes/nouvelle", key=str(uuid4()), kind="renewal")
    case_id = case_in(page.url)
    page = await browser.post(f"/demandes/{case_id}/envoi")
    assert page.status_code == 422
    assert f"/demandes/{case_id}/besoin#f-current_supplier" in page.text


async def test_a_draft_saves_itself_while_one_types(service: Service, browser: Browser) -> None:
    case_id = await written(browser)
    saved = await browser.post(f"/demandes/{case_id}/besoin/brouillon", title="Un autre titre")
    assert saved.text.startswith("✓ Brouillon enregistré à")
    assert (await service.case(case_id))["form"]["title"] == "Un autre titre"


async def test_a_question_is_answered_on_the_page(service: Service, browser: Browser) -> None:
    case_id = await service.create()
    question = QuestionAskedV1(
        case_id=UUID(case_id),
        question_id=uuid4(),
        check=CheckKind.SECURITY,
        question="Qui a les clés ?",
        asked_at=now(),
        asked_by_title="RSSI",
        answer_expected_by=date(2100, 1, 1),
    )
    await service.hear(question)
    assert "Qui a les clés" in (await browser.get(f"/demandes/{case_id}")).text
    empty = await browser.post(f"/demandes/{case_id}/reponse", question_id=str(question.question_id), answer=" ")
    assert empty.status_code == 422
    page = await browser.post(f"/demandes/{case_id}/reponse", question_id=str(question.question_id), answer="Le cadre.")
    assert "Votre réponse est partie" in page.text
    assert (await service.case(case_id))["questions"][0]["answer"] == "Le cadre."


async def test_a_withdrawal_asks_first_and_wants_a_reason(service: Service, browser: Browser) -> None:
    case_id = await service.create()
    assert "Un retrait ne s’annule pas" in (await browser.get(f"/demandes/{case_id}/retrait")).text
    assert (await browser.post(f"/demandes/{case_id}/retrait", reason="")).status_code == 422
    await browser.post(f"/demandes/{case_id}/retrait", reason="Le besoin a disparu.")
    assert (await service.case(case_id))["status"] == "withdrawn"


async def test_every_page_of_another_establishment_is_not_found(service: Service, browser: Browser) -> None:
    case_id = await service.create("requester-roanne", submit=False)
    for path in ("", "/besoin", "/verification", "/retrait", f"/fichiers/{uuid4()}"):
        assert (await browser.get(f"/demandes/{case_id}{path}")).status_code == 404, path
    for path in ("/besoin", "/besoin/brouillon", "/envoi", "/reponse", "/retrait", "/fichiers"):
        answer = await browser.post(
            f"/demandes/{case_id}{path}", title="x", reason="parce que", question_id=str(uuid4())
        )
        assert answer.status_code in (404, 422), path
    assert "roanne" not in (await browser.get("/demandes")).text.lower()


@pytest.mark.parametrize("account", ["requester-chu", "referent-roanne", "auditor", "coordinator", "buyer", "operator"])
async def test_the_list_and_the_catalogue_open_for_everybody(service: Service, account: str) -> None:
    browser = Browser(service)
    await browser.sign_in(account)
    await service.create()
    for path in (
        "/demandes",
        "/demandes?statut=en-cours",
        "/demandes/catalogue",
        "/demandes/catalogue?q=bloc&domain=sterilisation",
    ):
        assert (await browser.get(path)).status_code == 200, path


async def test_the_list_is_searched_by_number_and_by_words_and_stays_so(service: Service, browser: Browser) -> None:
    cases = [await service.create(title=f"Stérilisation {n}") for n in range(31)]
    await service.create(title="Laboratoire")
    reference = (await service.case(cases[0]))["reference"]
    assert links(await browser.get(f"/demandes?q={reference.lower()}")) == [cases[0]]
    page = await browser.get("/demandes?statut=en-cours&q=sterilisation")
    assert 'value="sterilisation"' in page.text
    assert '<input type="hidden" name="statut" value="en-cours">' in page.text
    assert 'href="/demandes?statut=decidees&amp;q=sterilisation"' in page.text
    following = re.search(r'href="([^"]*after[^"]*)"', page.text)
    assert following is not None
    rest = await browser.get(following[1].replace("&amp;", "&"))
    assert links(page) + links(rest) == cases[::-1]


async def test_a_search_that_finds_nothing_says_what_was_searched_and_leads_back(
    service: Service, browser: Browser
) -> None:
    await service.create()
    for typed in ("<b>%", "x" * 1000):
        page = await browser.get("/demandes?" + urlencode({"q": typed, "statut": "decidees"}))
        assert page.status_code == 200
        assert escape(typed[:200]) in page.text
        assert "<b>%" not in page.text
        assert "Voir toutes les demandes" in page.text
        assert links(page) == []
