"""The words of the review service: what a figure or an act is called on screen."""

from collections.abc import Mapping
from datetime import date, timedelta

from services.review.model.check_kinds import CHECK_KINDS
from services.review.model.queues import Counts
from shared.basics.french import plural
from shared.contracts.vocabulary import CheckKind
from shared.contracts.words import label_of
from shared.identity.demo import ESTABLISHMENTS
from shared.reference.directory import directory

TRAIL_WORDS: Mapping[str, str] = {
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
"""What the trail calls each action."""

ANNOUNCED: Mapping[str, str] = {
    "check_taken": "Un collègue a pris un volet.",
    "check_released": "Un volet est revenu dans la file.",
    "check_reassigned": "La coordination a réaffecté un volet.",
    "items_answered": "Un collègue a répondu à des points.",
    "question_asked": "Un collègue a posé une question au demandeur.",
    "opinion_given": "Un collègue a rendu son avis.",
    "verdict_overruled": "La coordination a arbitré la décision.",
}
"""What open pages are told of an action."""

INDISPENSABLE = " et ".join(rules.indispensable for rules in CHECK_KINDS.values() if rules.indispensable)
"""Whose opinions a favourable decision cannot do without."""


def queue_title(kind: str, told: str = "") -> str:
    """Volet sécurité; volet protection des données. `told` is the label of a kind that only a later version knows."""
    return f"Volet {label_of(CheckKind, kind, told).lower()}"


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
