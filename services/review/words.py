"""The words of the review pages: what a state, a figure or an act is called on screen."""

from datetime import date, timedelta

from services.review.store.reads import Counts
from shared.basics.french import plural
from shared.contracts.vocabulary import LABELS, CheckKind, DataClass
from shared.identity.demo import ESTABLISHMENTS
from shared.reference.directory import directory

STATES = {"to_take": "À prendre", "taken": "Pris", "waiting_answer": "Question posée", "closed": "Clos"}
DATA_TAGS = {
    DataClass.HEALTH: ("Santé", "bad"),
    DataClass.PERSONAL: ("Personnelles", "info"),
    DataClass.NONE: ("Aucune", ""),
}
OPINION_KINDS = {"favourable": "good", "favourable_with_conditions": "warn", "unfavourable": "bad"}
ANSWERS = {"yes": "Oui", "no": "Non", "not_applicable": "Sans objet", "derogation": "Dérogation"}
ACTIONS = {
    "review_opened": "Instruction ouverte",
    "check_taken": "Volet pris",
    "check_released": "Volet rendu à la file",
    "check_reassigned": "Volet réaffecté",
    "items_answered": "Points de contrôle renseignés",
    "question_asked": "Question posée",
    "question_answered": "Réponse reçue",
    "opinion_given": "Avis rendu",
    "review_decided": "Décision d’instruction",
    "verdict_overruled": "Décision arbitrée",
    "review_withdrawn": "Demande retirée",
    "check_late": "Échéance passée",
}


def queue_title(kind: CheckKind) -> str:
    """Volet sécurité; volet protection des données."""
    return f"Volet {LABELS[kind].lower()}"


def where(finess: str) -> str:
    """The name of an establishment, or its FINESS where the directory does not know it."""
    if finess in ESTABLISHMENTS:
        return ESTABLISHMENTS[finess]
    try:
        return directory().establishment(finess).name
    except KeyError:
        return f"FINESS {finess}"


def continuity(care_stops: bool, hours: int | None) -> str:
    """What happens when the software is down, in two words."""
    if hours is None:
        return "Arrêt du soin" if care_stops else "Non précisée"
    if hours and hours % 24 == 0 and hours >= 48:
        return plural(hours // 24, "jour")
    return plural(hours, "heure")


def queue_sentence(counts: Counts) -> str:
    """How a queue stands, in one sentence."""
    if not counts.open:
        return "Aucun volet ouvert."
    parts = [f"{plural(counts.open, 'volet ouvert', 'volets ouverts')}"]
    if counts.this_week:
        parts.append(f"{counts.this_week} à rendre cette semaine")
    if counts.late:
        parts.append(f"{counts.late} en retard")
    return ", ".join(parts) + "."


def week_end(today: date) -> date:
    """The Sunday of this week."""
    return today + timedelta(days=6 - today.weekday())
