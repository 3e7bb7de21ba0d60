"""Which procedure the amount calls for, once the route is known (art. R2122-8, R2131-12 and annex 2 CCP)."""

from typing import Final, NamedTuple

from services.purchasing.model.routing.facts import FACTS, RoutingFacts, excluding_vat
from services.purchasing.model.routing.routes import Procedure, implied


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


def procedure_of(route: str, facts: RoutingFacts) -> Required:
    """What a route requires: fixed for some routes, given by amount and thresholds of the day for the others."""
    row = implied(route)
    if row.procedure is not None:
        return Required(*row.procedure)
    own = _by_amount(facts)
    if row.volumes_add and own.procedure is not Procedure.FORMAL:
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
