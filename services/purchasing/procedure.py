"""Which procedure the amount calls for, once the route is known (art. R2122-8, R2131-12 and annex 2 CCP)."""

from enum import StrEnum
from typing import Final

from services.purchasing.routing_facts import RoutingFacts, excluding_vat
from shared.contracts.vocabulary import Route


class Procedure(StrEnum):
    """How much publicity and competition a purchase needs."""

    NONE = "none"
    ENTRUSTED = "entrusted_to_central_body"
    WITHOUT_COMPETITION = "without_competition"
    BELOW_EXEMPTION = "below_exemption"
    ADAPTED = "adapted"
    ADAPTED_WITH_PUBLICITY = "adapted_with_publicity"
    FORMAL = "formal"
    UNDETERMINED = "undetermined"


PROCEDURE_LABELS: Final[dict[Procedure, str]] = {
    Procedure.NONE: "Aucune procédure d’achat",
    Procedure.ENTRUSTED: "Obligations remplies par la centrale d’achat",
    Procedure.WITHOUT_COMPETITION: "Sans publicité ni mise en concurrence",
    Procedure.BELOW_EXEMPTION: "Dispense de publicité et de mise en concurrence",
    Procedure.ADAPTED: "Procédure adaptée, publicité choisie par l’acheteur",
    Procedure.ADAPTED_WITH_PUBLICITY: "Procédure adaptée avec publicité au BOAMP ou dans un journal d’annonces légales",
    Procedure.FORMAL: "Procédure formalisée",
    Procedure.UNDETERMINED: "À déterminer",
}

_ENTRUSTED: Final = (
    Procedure.ENTRUSTED,
    "Obligations remplies par la centrale pour ce qui lui est confié (art. L2113-4 du code de la commande publique).",
)
_FIXED: Final[dict[Route, tuple[Procedure, str]]] = {
    Route.NO_PURCHASE: (Procedure.NONE, "Rien n’est acheté."),
    Route.REUSE: (
        Procedure.NONE,
        "Le logiciel est déjà acquis\u202f: seule son extension se commande, dans son marché.",
    ),
    Route.CENTRAL_BODY_ORDER: _ENTRUSTED,
    Route.CENTRAL_BODY_FURTHER_COMPETITION: _ENTRUSTED,
    Route.CENTRAL_BODY_DYNAMIC_SYSTEM: _ENTRUSTED,
    Route.NEGOTIATED_WITHOUT_COMPETITION: (
        Procedure.WITHOUT_COMPETITION,
        "Négociation avec le seul fournisseur possible (art. R2122-3 du code de la commande publique).",
    ),
}

Chosen = tuple[Procedure, str, str | None]
"""The procedure, why, and what would make it lighter."""


def procedure_of(route: Route, facts: RoutingFacts) -> Chosen:
    """What a route requires: fixed for some routes, given by amount and thresholds of the day for the others."""
    fixed = _FIXED.get(route)
    return (*fixed, None) if fixed is not None else _by_amount(facts)


def _by_amount(facts: RoutingFacts) -> Chosen:
    cents, thresholds = facts.amount_cents, facts.thresholds
    exemption, publicity, formal = thresholds.exemption, thresholds.publicity, thresholds.formal
    if cents is None:
        return Procedure.UNDETERMINED, "Le coût complet n’est pas connu\u202f: la procédure reste à déterminer.", None
    if exemption is None or publicity is None or formal is None:
        return Procedure.UNDETERMINED, "Les seuils ne sont pas connus à la date de lancement.", None
    amount = excluding_vat(cents)
    if cents >= formal.cents:
        lighter = f"Sous {formal.amount}, une procédure adaptée suffirait."
        return Procedure.FORMAL, f"{amount} ≥ {formal.in_words}.", lighter
    if cents >= publicity.cents:
        lighter = f"Sous {publicity.amount}, l’acheteur choisirait librement sa publicité."
        return Procedure.ADAPTED_WITH_PUBLICITY, f"{amount} ≥ {publicity.in_words}, et < {formal.in_words}.", lighter
    if cents >= exemption.cents:
        return Procedure.ADAPTED, f"{amount} ≥ {exemption.in_words}, et < {publicity.in_words}.", None
    return Procedure.BELOW_EXEMPTION, f"{amount} < {exemption.in_words}.", None
