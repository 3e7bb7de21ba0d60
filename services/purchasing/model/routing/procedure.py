"""Which procedure the amount calls for, once the route is known (art. R2122-8, R2131-12 and annex 2 CCP)."""

from enum import StrEnum
from typing import Final, NamedTuple

from services.purchasing.model.routing.facts import FACTS, RoutingFacts, excluding_vat
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


class Required(NamedTuple):
    """The procedure, why, what would make it lighter, and the facts without which it stays undetermined."""

    procedure: Procedure
    because: str
    lighter: str | None = None
    missing: tuple[str, ...] = ()


_OTHERS_ADD: Final = Required(
    Procedure.UNDETERMINED,
    "Les volumes des membres s’ajoutent, et ne sont pas chiffrés ici\u202f: la procédure reste à déterminer.",
)


def procedure_of(route: Route, facts: RoutingFacts) -> Required:
    """What a route requires: fixed for some routes, given by amount and thresholds of the day for the others."""
    fixed = _FIXED.get(route)
    if fixed is not None:
        return Required(*fixed)
    own = _by_amount(facts)
    if route is Route.SHARED_TENDER and own.procedure is not Procedure.FORMAL:
        return _OTHERS_ADD._replace(missing=own.missing)
    return own


def _by_amount(facts: RoutingFacts) -> Required:
    cents, thresholds = facts.amount_cents, facts.thresholds
    exemption, publicity, formal = thresholds.exemption, thresholds.publicity, thresholds.formal
    if cents is None:
        because = "Le coût complet n’est pas connu\u202f: la procédure reste à déterminer."
        return Required(Procedure.UNDETERMINED, because, missing=("amount_cents",))
    amount = excluding_vat(cents)
    if formal and cents >= formal.cents:
        lighter = f"Sous {formal.amount}, une procédure adaptée suffirait."
        return Required(Procedure.FORMAL, f"{amount} ≥ {formal.in_words}.", lighter)
    if exemption and cents < exemption.cents:
        return Required(Procedure.BELOW_EXEMPTION, f"{amount} < {exemption.in_words}.")
    if exemption and publicity and cents < publicity.cents:
        return Required(Procedure.ADAPTED, f"{amount} ≥ {exemption.in_words}, et < {publicity.in_words}.")
    if publicity and formal and cents >= publicity.cents:
        lighter = f"Sous {publicity.amount}, l’acheteur choisirait librement sa publicité."
        because = f"{amount} ≥ {publicity.in_words}, et < {formal.in_words}."
        return Required(Procedure.ADAPTED_WITH_PUBLICITY, because, lighter)
    return _unknown_thresholds(facts)


def _unknown_thresholds(facts: RoutingFacts) -> Required:
    asked = ("exemption_threshold_cents", "adapted_publicity_threshold_cents", "formal_threshold_cents")
    missing = tuple(name for name in asked if getattr(facts, name) is None)
    labels = " et ".join(FACTS[name].label for name in missing)
    return Required(
        Procedure.UNDETERMINED, f"Pas encore connu\u202f: {labels}. La procédure reste à déterminer.", missing=missing
    )
