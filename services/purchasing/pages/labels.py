"""What the templates of purchasing call things."""

from typing import Any, Final

from services.purchasing.model.market import BODIES
from services.purchasing.model.purchase import STATE_LABELS, State
from services.purchasing.model.qualification import FORM_LABELS, LINES
from services.purchasing.model.routing.facts import AGREEMENT_KINDS
from services.purchasing.model.routing.procedure import PROCEDURE_LABELS
from services.purchasing.words import establishment_name
from shared.basics.french import typo
from shared.contracts.vocabulary import LABELS
from shared.reference.domains import domains

TAGS: Final = {
    State.TO_QUALIFY: "warn",
    State.TO_CONFIRM: "info",
    State.CENSUS: "info",
    State.DECIDED: "good",
    State.CLOSED: "",
}
KIND_TITLES: Final = {
    "order": "Commande directe",
    "further_competition": "Marché subséquent entre ses titulaires",
    "dynamic_purchasing_system": "Système d’acquisition dynamique",
}
MAY_ORDER_TITLES: Final = {
    "everyone": "Tous les établissements du GHT",
    "listed": "Les établissements cochés",
    "unknown": "Personne ne l’a encore vérifié",
}
CONFIDENCE: Final = {
    "checked": ("Vérifié", "good"),
    "secondary": ("Source secondaire", "info"),
    "inferred": ("Déduit, non lu", "warn"),
}


def domain_label(code: str) -> str:
    """A business domain in words, or its code where it is unknown."""
    known = domains().get(code)
    return known.label if known else code


WORDS: Final[dict[str, Any]] = {
    "labels": LABELS,
    "state_labels": STATE_LABELS,
    "state_tags": TAGS,
    "name_of": establishment_name,
    "domain_label": domain_label,
    "procedure_labels": PROCEDURE_LABELS,
    "lines": LINES,
    "form_labels": FORM_LABELS,
    "bodies": BODIES,
    "kind_words": AGREEMENT_KINDS,
    "kind_titles": KIND_TITLES,
    "may_order_titles": MAY_ORDER_TITLES,
    "confidence": CONFIDENCE,
    "typo": typo,
}
