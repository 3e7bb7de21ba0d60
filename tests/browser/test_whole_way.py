"""A case from the form to a tender shared with other members, by pages only, with scripts and without."""

import pytest
from playwright.sync_api import expect

from shared.identity.demo import REVIEWER_OF
from tests.browser import way
from tests.browser.conftest import Enter

QUESTION = "Combien d’unités sont suivies la nuit ?"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_need_becomes_a_shared_tender_by_pages_only(enter: Enter, scripts: bool) -> None:
    title = f"Voir les lits disponibles, {'avec' if scripts else 'sans'} scripts"
    requester = enter("requester-roanne", scripts=scripts)

    case_id = way.begin_draft(requester)
    way.describe(requester, title)
    way.finish(requester)
    requester.presses("Envoyer à la DSI")
    requester.reads("est envoyée à la DSI.")

    for kind, account in REVIEWER_OF.items():
        reviewer = enter(account, scripts=scripts)
        way.take(reviewer, kind, case_id, title)
        if kind == "skills":
            way.ask(reviewer, QUESTION)
            way.reply(requester, case_id, QUESTION, "Les douze unités de soins, par deux personnes.")
            reviewer.awaits("review", f"/instruction/dossiers/{case_id}/{kind}", "Les douze unités de soins")
        way.answer_all(reviewer)
        if kind == "functional":
            way.judge_reuse(reviewer)
        if kind == "security":
            reviewer.fills(conditions="Livrer la procédure de mode dégradé avant la mise en service.")
            way.conclude(reviewer, "Favorable avec réserves")
        else:
            way.conclude(reviewer)
    requester.awaits("request", f"/demandes/{case_id}", "Livrer la procédure de mode dégradé")

    buyer = enter("buyer", scripts=scripts)
    way.qualify(buyer, case_id)
    buyer.reads("Pourquoi")
    buyer.reads("159 600 €")
    expect(buyer.part(".rules .hit", "Recenser")).to_be_visible()
    expect(buyer.part("aside .card", "Réserves à reprendre au marché")).to_contain_text("mode dégradé")
    buyer.presses("Ouvrir le recensement")
    buyer.reads("Le recensement est ouvert")
    requester.awaits("request", f"/demandes/{case_id}", "recensement")

    way.answer_census(
        enter("contact-chu", scripts=scripts), title, "Oui, nous nous joignons", volume="900 utilisateurs"
    )
    way.answer_census(
        enter("contact-forez", scripts=scripts), title, "Nous sommes déjà équipés", software="Gestion des lits"
    )
    for slug in ("firminy", "claudinon", "gier"):
        way.answer_census(enter(f"contact-{slug}", scripts=scripts), title, "Non, pas cette fois")

    requester.awaits("request", f"/demandes/{case_id}", "Appel d’offres mutualisé")
    requester.reads("un établissement se joint à votre achat : CHU de Saint-Étienne")
    buyer.open("purchasing", f"/achats/dossiers/{case_id}")
    expect(buyer.page.get_by_role("heading", level=2).first).to_contain_text("Appel d’offres mutualisé")
    expect(buyer.part("tr", "CH du Forez")).to_contain_text("Gestion des lits")
