"""Writing a request: nothing typed is lost, nothing is sent twice, and a mouse is not needed."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import way
from tests.browser.agent import Agent
from tests.browser.conftest import Enter


def test_a_draft_saves_itself_and_is_found_again(enter: Enter) -> None:
    nurse = enter("requester-roanne")
    case_id = way.begin_draft(nurse)
    nurse.page.locator("#f-domain").select_option("sterilisation")
    expect(nurse.part("#voisins", "en service")).to_contain_text("Traçabilité de stérilisation (exemple A)")
    way.describe(nurse, "Brouillon laissé en plan")
    expect(nurse.page.locator("#enregistrement")).to_contain_text("✓ Brouillon enregistré à", timeout=20_000)
    nurse.until(lambda: _kept(nurse, case_id), "le brouillon")
    nurse.follows("Mes demandes")
    nurse.follows("Brouillon laissé en plan")
    expect(nurse.page.locator("#f-replaces")).to_have_value("Des appels téléphoniques")
    expect(nurse.page.locator("#f-domain")).to_have_value("gestion-lits")


def test_without_scripts_a_button_keeps_the_draft(enter: Enter) -> None:
    nurse = enter("requester-roanne", scripts=False)
    way.begin_draft(nurse)
    way.describe(nurse, "Brouillon gardé par un bouton")
    nurse.presses("Enregistrer et finir plus tard")
    nurse.reads("Votre brouillon est enregistré")
    nurse.follows("Brouillon gardé par un bouton")
    expect(nurse.page.locator("#f-replaces")).to_have_value("Des appels téléphoniques")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_double_click_makes_one_request(enter: Enter, scripts: bool) -> None:
    title = f"Deux clics, {'avec' if scripts else 'sans'} scripts"
    nurse = enter("requester-gier", scripts=scripts)
    before = _tally(nurse)
    nurse.open("request", "/demandes/nouvelle")
    nurse.chooses("Un nouveau logiciel")
    nurse.page.get_by_role("button", name="Continuer").dblclick()
    expect(nurse.page.locator("#f-title")).to_be_visible()
    way.describe(nurse, title)
    way.finish(nurse)
    nurse.page.get_by_role("button", name="Envoyer à la DSI").dblclick()
    nurse.reads("est envoyée à la DSI.")
    assert _tally(nurse) == before + 1
    assert nurse.page.get_by_role("link", name=title).count() == 1


def test_a_request_is_written_and_sent_by_keyboard_alone(enter: Enter) -> None:
    nurse = enter("requester-firminy")
    nurse.open("request", "/demandes/nouvelle")
    press = nurse.page.keyboard.press
    _tab_to(nurse, nurse.page.locator("#f-kind"))
    press("ArrowDown")
    press("ArrowUp")
    _leave(nurse)
    _tab_to(nurse, nurse.page.locator("#f-title"))
    nurse.page.keyboard.type("Écrite au clavier")
    _tab_to(nurse, nurse.page.locator("#f-description"))
    nurse.page.keyboard.type("Nous voulons savoir où sont les lits libres sans appeler chaque service.")
    _tab_to(nurse, nurse.page.locator("#f-domain"))
    nurse.page.keyboard.type("Gestion des lits")
    _leave(nurse)
    _tab_to(nurse, nurse.page.locator("#f-users"))
    nurse.page.keyboard.type("80")
    _leave(nurse)
    _tab_to(nurse, nurse.page.locator("#f-data"))
    press("Space")
    _tab_to(nurse, nurse.page.locator("#f-care_stops"))
    press("ArrowDown")
    _leave(nurse)
    expect(nurse.page.get_by_role("heading", level=1)).to_have_text("Vérifier et envoyer")
    _leave(nurse, "Envoyer à la DSI")
    nurse.reads("est envoyée à la DSI.")
    nurse.reads("Écrite au clavier")


def test_the_first_tab_leads_past_the_menu(enter: Enter) -> None:
    nurse = enter("requester-firminy")
    nurse.page.keyboard.press("Tab")
    expect(nurse.page.locator(".skip")).to_be_focused()
    expect(nurse.page.locator(".skip")).to_be_in_viewport()
    nurse.page.keyboard.press("Enter")
    expect(nurse.page.locator("#contenu")).to_be_focused()


def _kept(nurse: Agent, case_id: str) -> bool:
    """Seen on a second tab, so that the first stays as it is typed."""
    other = nurse.page.context.new_page()
    try:
        other.goto(nurse.page.url)
        return other.locator("#f-replaces").input_value() != ""
    finally:
        other.close()


def _tally(nurse: Agent) -> int:
    nurse.open("request", "/demandes")
    tallies = nurse.page.locator("nav.filters a", has_text="En cours").locator(".tally")
    return int(tallies.inner_text()) if tallies.count() else 0


def _tab_to(nurse: Agent, there: Locator) -> None:
    """Tab until it has the focus, which is seen at every stop."""
    expect(there).to_be_visible()
    for _ in range(60):
        nurse.page.keyboard.press("Tab")
        seen = nurse.page.evaluate(
            "() => { const on = document.activeElement, shown = on.closest('.answer label') || on;"
            # Chromium shows the focus inside a date, on its day, month or year.
            " return on === document.body || on.type === 'date' || getComputedStyle(shown).outlineStyle !== 'none' }"
        )
        assert seen, nurse.page.evaluate("document.activeElement.outerHTML")
        if there.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"Tab never leads to {there}")


def _leave(nurse: Agent, button: str = "Continuer") -> None:
    before = nurse.page.url
    _tab_to(nurse, nurse.page.get_by_role("button", name=button))
    nurse.page.keyboard.press("Enter")
    nurse.page.wait_for_url(lambda url: url != before)
