"""Signing in and out, and pages that stay closed."""

import re

from playwright.sync_api import expect

from shared.program.registry import REGISTRY
from tests.browser.conftest import Enter


def test_signing_out_closes_every_service(enter: Enter) -> None:
    auditor = enter("auditor")
    for entry in REGISTRY:
        auditor.open(entry.name, entry.path)
        expect(auditor.page.locator("nav.main [aria-current]")).to_be_visible()
    auditor.presses("Se déconnecter")
    auditor.reads("Vous êtes déconnecté.")
    for entry in REGISTRY:
        auditor.open(entry.name, entry.path)
        assert auditor.path().startswith("/connexion"), entry


def test_signing_in_leads_to_where_one_wanted_to_go(enter: Enter) -> None:
    buyer = enter("buyer")
    buyer.presses("Se déconnecter")
    buyer.open("purchasing", "/achats/accords")
    buyer.page.locator("button[value=buyer]").click()
    expect(buyer.page).to_have_url(re.compile("/achats/accords$"))
    expect(buyer.page.get_by_role("heading", level=1)).to_contain_text("Accords-cadres")


def test_going_back_after_signing_out_shows_nothing(enter: Enter, exhibits: dict[str, str]) -> None:
    nurse = enter("requester-roanne")
    nurse.open("request", f"/demandes/{exhibits['asked']}")
    nurse.presses("Se déconnecter")
    # Chromium refuses to go back while it still leaves the old page.
    expect(nurse.page.get_by_role("heading", level=1)).to_have_text("Choisir un compte d’essai")
    nurse.page.wait_for_load_state()
    nurse.page.go_back()
    expect(nurse.page.get_by_role("heading", level=1)).to_have_text("Choisir un compte d’essai")


def test_a_page_for_others_says_so_and_leads_home(enter: Enter) -> None:
    nurse = enter("requester-roanne")
    assert nurse.open("review", "/instruction") == 403
    expect(nurse.page).to_have_title(re.compile("^Erreur"))
    nurse.follows("Aller à l’accueil")
    expect(nurse.page.get_by_role("heading", level=1)).to_have_text("Bonjour")


def test_the_case_of_another_establishment_does_not_exist(enter: Enter, exhibits: dict[str, str]) -> None:
    stranger = enter("requester-gier")
    assert stranger.open("request", f"/demandes/{exhibits['asked']}") == 404
    assert "lits" not in stranger.main()


def test_an_auditor_walks_through_a_case_across_the_services(enter: Enter, exhibits: dict[str, str]) -> None:
    auditor = enter("auditor")
    auditor.open("request", f"/demandes/{exhibits['routed']}")
    for place, path in (("Instruction", "/instruction"), ("Achat", "/achats"), ("Demande", "/demandes")):
        auditor.page.get_by_label("Le même dossier").get_by_role("link", name=place).click()
        expect(auditor.page).to_have_url(re.compile(rf":\d+{path}/"))
        expect(auditor.page.get_by_role("heading", level=1)).to_contain_text("Voir les lits disponibles")
    auditor.open("request", f"/demandes/{exhibits['asked']}")
    assert auditor.page.get_by_label("Le même dossier").get_by_role("link").count() == 2


def test_the_menu_shows_what_one_may_do(enter: Enter) -> None:
    menus = {
        "requester-roanne": {"Accueil": "/", "Mes demandes": "/demandes", "Catalogue": "/demandes/catalogue"},
        "rssi": {"Accueil": "/", "Catalogue": "/demandes/catalogue", "Instruction": "/instruction"},
        "contact-gier": {"Accueil": "/", "Catalogue": "/demandes/catalogue", "Achats": "/achats/recensements"},
    }
    for account, entries in menus.items():
        agent = enter(account)
        assert agent.page.locator("nav.main a").all_inner_texts() == list(entries)
        for entry, path in entries.items():
            agent.follows(entry)
            expect(agent.page).to_have_url(re.compile(rf":\d+{path}$"))
            expect(agent.page.locator("h1")).not_to_have_text(re.compile("réservée|Introuvable"))
