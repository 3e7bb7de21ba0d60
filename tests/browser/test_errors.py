"""What is wrong is said on top of the page, in its title, and one click away from where it is put right."""

import re

from playwright.sync_api import expect

from tests.browser import way
from tests.browser.agent import Agent
from tests.browser.axe import stumbles
from tests.browser.conftest import Enter


def test_a_missing_answer_is_one_click_away(enter: Enter) -> None:
    nurse = enter("requester-roanne")
    nurse.open("request", "/demandes/nouvelle")
    nurse.presses("Continuer")
    _summary_leads_to(nurse, "#f-kind", "Choisissez la nature de votre demande.")


def test_what_is_typed_is_kept_beside_its_error(enter: Enter) -> None:
    nurse = enter("requester-roanne")
    way.begin_draft(nurse)
    way.describe(nurse, "Une demande mal chiffrée")
    nurse.presses("Continuer")
    nurse.fills(users="une dizaine")
    nurse.presses("Continuer")
    _summary_leads_to(nurse, "#f-users")
    expect(nurse.page.locator("#f-users")).to_have_value("une dizaine")


def test_what_a_request_lacks_leads_to_its_step(enter: Enter) -> None:
    nurse = enter("requester-roanne")
    case_id = way.begin_draft(nurse)
    nurse.open("request", f"/demandes/{case_id}/verification")
    nurse.presses("Envoyer à la DSI")
    expect(nurse.page).to_have_title(re.compile("^Erreur\u202f: "))
    expect(nurse.page.locator(".errors")).to_be_focused()
    nurse.page.locator(".errors a").first.click()
    expect(nurse.page).to_have_url(re.compile(r"/besoin#f-title$"))
    expect(nurse.page.locator("#f-title")).to_be_in_viewport()


def test_an_opinion_without_its_answers_says_which(enter: Enter, exhibits: dict[str, str]) -> None:
    officer = enter("rssi")
    officer.open("review", f"/instruction/dossiers/{exhibits['worked']}/security")
    officer.page.locator("#f-comment").fill("Questionnaire relu.")
    officer.presses("Favorable")
    _summary_leads_to(officer)
    expect(officer.page.locator("#f-comment")).to_have_value("Questionnaire relu.")


def test_a_route_without_its_reason_is_not_taken(enter: Enter, exhibits: dict[str, str]) -> None:
    buyer = enter("buyer")
    buyer.open("purchasing", f"/achats/dossiers/{exhibits['to_confirm']}/voie")
    buyer.page.locator("#f-route").select_option("own_tender")
    buyer.presses("Prendre cette voie")
    _summary_leads_to(buyer, "#f-reason")
    expect(buyer.page.locator("#f-route")).to_have_value("own_tender")


def _summary_leads_to(agent: Agent, field: str = "", message: str = "") -> None:
    expect(agent.page).to_have_title(re.compile("^Erreur\u202f: "))
    summary = agent.page.locator(".errors")
    expect(summary).to_be_focused()
    if message:
        expect(summary).to_contain_text(message)
    assert stumbles(agent.page, "light") == []
    link = summary.locator(f"a[href='{field}']" if field else "a").first
    field = field or str(link.get_attribute("href"))
    described = str(agent.page.locator(f"{field}, fieldset:has({field})").first.get_attribute("aria-describedby"))
    expect(agent.page.locator(f"#{described.split(maxsplit=1)[0]}")).to_contain_text("Erreur")
    link.click()
    expect(agent.page.locator(field)).to_be_in_viewport()
    expect(agent.page.locator(field)).to_be_focused()
