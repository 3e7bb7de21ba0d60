"""The way of a case as people go it, page by page; each step leaves its agent where the next thing is seen."""

import re
from typing import Final

from playwright.sync_api import expect

from tests.browser.agent import Agent

CASE: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
EVIDENCE: Final = "Constaté avec le service, compte rendu joint au dossier."


def begin_draft(agent: Agent, nature: str = "Un nouveau logiciel") -> str:
    """From the list to the second step; the case id."""
    agent.follows("Mes demandes")
    agent.follows("Nouvelle demande")
    agent.chooses(nature)
    agent.presses("Continuer")
    expect(agent.page.get_by_role("heading", level=1)).to_have_text("De quoi avez-vous besoin\u202f?")
    found = CASE.search(agent.page.url)
    assert found is not None
    return found[0]


def describe(agent: Agent, title: str) -> None:
    """The second step, not yet left."""
    agent.fills(
        title=title,
        description="Chaque matin nous appelons quinze services pour savoir où mettre les patients des urgences.",
        replaces="Des appels téléphoniques",
    )
    agent.page.locator("#f-domain").select_option("gestion-lits")


def finish(agent: Agent) -> None:
    """From the second step to the last one."""
    agent.presses("Continuer")
    agent.fills(users="1 140", sites="Site principal")
    agent.presses("Continuer")
    agent.chooses("Données de santé")
    agent.chooses("Oui")
    agent.fills(max_downtime_hours="4", estimated_amount_cents="175 000")
    agent.presses("Continuer")
    expect(agent.page.get_by_role("heading", level=1)).to_have_text("Vérifier et envoyer")


def take(agent: Agent, kind: str, case_id: str, title: str) -> None:
    """From the queue, where it arrives by itself."""
    agent.awaits("review", f"/instruction/{kind}", title)
    agent.page.locator(f"button[name=un][value='{case_id}']").click()
    agent.reads("Le volet est à vous.")


def answer_all(agent: Agent) -> None:
    """« Oui » to every item, with what was seen where the item asks for it, and below what all of them stand on."""
    agent.page.wait_for_load_state()
    items = agent.page.locator(".item:has(input[name^='a-'])")
    for answer in items.locator(".answer label", has_text="Oui").all():
        answer.click()
    for evidence in items.locator(".more:has(.when-yes) textarea").all():
        evidence.fill(EVIDENCE)
    agent.fills(comment=EVIDENCE)


def judge_reuse(agent: Agent) -> None:
    """What the GHT has does not fit."""
    agent.page.wait_for_load_state()
    for item in agent.page.locator(".item:has(input[name^='r-'])").all():
        item.locator(".answer label", has_text="Ne convient pas").click()
        item.locator("textarea").fill("Ne gère pas les lits de plusieurs sites.")


def ask(agent: Agent, question: str) -> None:
    """Send a question back to the requester."""
    agent.page.locator("summary", has_text="Poser une question").click()
    agent.fills(question=question)
    agent.presses("Envoyer la question")
    agent.reads("L’horloge du volet est arrêtée jusqu’à la réponse.")


def reply(agent: Agent, case_id: str, question: str, answer: str) -> None:
    """The requester is asked on top of the follow-up, and answers there."""
    agent.awaits("request", f"/demandes/{case_id}", question)
    agent.reads("La DSI attend votre réponse")
    agent.fills(answer=answer)
    agent.presses("Répondre")
    agent.reads("Votre réponse est partie")


def conclude(agent: Agent, opinion: str = "Favorable") -> None:
    """Give the opinion of the check that is open on screen."""
    agent.presses(opinion)
    agent.reads(f"Votre avis est rendu : {opinion}.")


def qualify(agent: Agent, case_id: str) -> None:
    """The buyer's figures: bought and rented side by side."""
    agent.awaits("purchasing", f"/achats/dossiers/{case_id}", "Voie proposée")
    agent.page.get_by_role("link", name="Qualifier l’achat").click()
    agent.fills(
        term_years="5",
        renewal_years="0",
        bought_licences_cents="64 000",
        bought_maintenance_per_year_cents="13 400",
        bought_integration_cents="28 600",
        rented_subscription_per_year_cents="24 400",
        rented_integration_cents="29 300",
    )
    agent.page.locator(".answer label", has_text="Achat").click()
    agent.page.locator("fieldset:has([name=exclusive_rights]) label", has_text="Non").click()
    agent.presses("Qualifier et voir la voie")
    agent.reads("L’achat est qualifié.")


def answer_census(agent: Agent, title: str, answer: str, **precisions: str) -> None:
    """A member's contact finds it on their list and answers."""
    agent.awaits("purchasing", "/achats/recensements", title)
    agent.follows(title)
    agent.chooses(answer)
    agent.fills(**precisions)
    agent.presses("Envoyer la réponse")
    agent.reads("Votre réponse est enregistrée.")
