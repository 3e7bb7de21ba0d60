"""The French of purchasing: sentences for the requester, the decision table in words, names on screen, the trail."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from services.purchasing.model.purchase import Purchase
from services.purchasing.model.routing.document import Condition, FactRef, RuleRow
from services.purchasing.model.routing.facts import (
    FACTS,
    AgreementKind,
    CensusOutcome,
    RoutingFacts,
    excluding_vat,
    in_sentence,
)
from services.purchasing.model.routing.rules import RoutingExplanation
from shared.basics.french import typo
from shared.contracts.vocabulary import RequestKind, Route
from shared.contracts.words import label_of
from shared.reference.directory import establishment
from shared.reference.domains import domains

TRAIL_WORDS: Final[Mapping[str, str]] = {
    "route_proposed": "Voie d’achat proposée",
    "purchase_not_opened": "Aucun achat à ouvrir",
    "verdict_after_withdrawal": "Décision reçue après le retrait",
    "verdict_after_decision": "Décision reçue après le choix de la voie",
    "verdict_during_census": "Décision reçue pendant le recensement",
    "purchase_closed": "Achat clos",
    "purchase_qualified": "Achat qualifié",
    "purchase_late": "Achat en retard",
    "route_confirmed": "Voie d’achat confirmée",
    "route_overridden": "Autre voie d’achat choisie",
    "route_decided": "Voie d’achat décidée",
    "census_answered": "Réponse au recensement du GHT",
    "census_closed": "Recensement du GHT clos",
    "award_recorded": "Attribution enregistrée",
    "award_corrected": "Attribution corrigée",
}
"""What each action of the trail is called."""
MARKET_WORDS: Final[Mapping[str, str]] = {"entered": "Saisi", "changed": "Modifié", "withdrawn": "Retiré"}
"""What each change of an agreement is called."""
WITHDRAWN_ON_SCREEN: Final = "Retiré à l’écran"

SYSTEM: Final = "system"
"""The actor of what a rule decided; the titles say which."""
OPENING_RULE: Final = "Règle d’ouverture"
REQUESTER_WITHDREW: Final = "Retrait par le demandeur"
CENSUS_ENDED: Final = "Clôture du recensement"
DEADLINE: Final = "Échéance"

UNFAVOURABLE: Final = "L’instruction a rendu une décision défavorable : il n’y a rien à acheter."
WITHDRAWN: Final = "Le demandeur a retiré sa demande."
CHOSEN_BEFORE: Final = "La voie a été choisie à l’ouverture du recensement ; ses réponses décident de la suite."

_PROPOSED: Final[Mapping[str, str]] = {
    Route.NO_PURCHASE: "Votre demande est un retrait : rien n’est à acheter, l’acheteur n’a plus qu’à le confirmer.",
    Route.REUSE: "{product} est déjà en service dans le GHT et convient à votre besoin : l’acheteur doit confirmer qu’on"
    " vous l’étend.",
    Route.CENTRAL_BODY_ORDER: "Votre besoin peut se commander à une centrale d’achat ({agreement}), sans appel d’offres :"
    " l’acheteur doit le confirmer.",
    Route.CENTRAL_BODY_FURTHER_COMPETITION: "Un accord-cadre ({agreement}) couvre votre besoin : ses fournisseurs"
    " seraient mis en concurrence. L’acheteur doit le confirmer.",
    Route.CENTRAL_BODY_DYNAMIC_SYSTEM: "Un système d’acquisition ({agreement}) couvre votre besoin : les fournisseurs"
    " admis seraient invités à répondre. L’acheteur doit le confirmer.",
    Route.NEGOTIATED_WITHOUT_COMPETITION: "Un seul fournisseur semble pouvoir répondre : l’acheteur vérifie pourquoi"
    " avant de négocier avec lui.",
    Route.DIRECT_PURCHASE: "Le coût est sous le seuil de dispense : l’acheteur peut acheter directement, et doit le"
    " confirmer.",
    Route.SHARED_TENDER: "Un appel d’offres commun à plusieurs établissements du GHT est proposé à l’acheteur.",
    Route.OWN_TENDER: "Un appel d’offres pour votre établissement est proposé à l’acheteur.",
    Route.GHT_CENSUS: "Un appel d’offres semble nécessaire : les autres établissements du GHT seraient d’abord"
    " interrogés. L’acheteur doit le confirmer.",
}
_DECIDED: Final[Mapping[str, str]] = {
    Route.NO_PURCHASE: "Rien n’est à acheter pour votre demande.",
    Route.REUSE: "Votre besoin sera couvert par un logiciel que le GHT a déjà : il va vous être étendu.",
    Route.CENTRAL_BODY_ORDER: "Votre logiciel va être commandé à une centrale d’achat, sans appel d’offres.",
    Route.CENTRAL_BODY_FURTHER_COMPETITION: "Les fournisseurs retenus par une centrale d’achat vont être mis en"
    " concurrence pour votre besoin.",
    Route.CENTRAL_BODY_DYNAMIC_SYSTEM: "Les fournisseurs admis par une centrale d’achat vont être invités à répondre à"
    " votre besoin.",
    Route.NEGOTIATED_WITHOUT_COMPETITION: "L’acheteur va négocier avec le seul fournisseur qui peut répondre à votre"
    " besoin.",
    Route.DIRECT_PURCHASE: "L’acheteur va acheter directement votre logiciel.",
    Route.SHARED_TENDER: "Un appel d’offres commun va être lancé avec {joined}.",
    Route.OWN_TENDER: "Un appel d’offres va être lancé pour votre établissement.",
    Route.GHT_CENSUS: "Les autres établissements du GHT sont interrogés avant un appel d’offres.",
}
PROPOSED_OTHERWISE: Final = "Voie d’achat proposée pour votre besoin : {label}. L’acheteur doit la confirmer."
DECIDED_OTHERWISE: Final = "Voie d’achat retenue pour votre besoin : {label}."
"""Sentences of a route that has none of its own."""

_OPS: Final[Mapping[str, str]] = {
    "is": "est",
    "is_not": "n’est pas",
    "in": "est parmi",
    "lt": "est inférieur à",
    "lte": "est inférieur ou égal à",
    "gt": "est supérieur à",
    "gte": "est supérieur ou égal à",
}
_VALUES: Final[Mapping[str, str]] = {
    word.value: in_sentence(word.label) for words in (RequestKind, AgreementKind, CensusOutcome) for word in words
}


def route_label(route: str) -> str:
    """What a route is called; one that a later version stored shows as its value."""
    return label_of(Route, route)


def table_title(version: str) -> str:
    """Who decided, where the decision table did."""
    return f"Table de décision {version}"


def proposed_words(explanation: RoutingExplanation, facts: RoutingFacts) -> str:
    """What the table proposes; where something is not known yet, who finds it out."""
    product = facts.reuse_product or "Un logiciel"
    agreement = facts.agreement_title or "d’une centrale d’achat"
    return _proposed(explanation.route, product, agreement, bool(explanation.missing_facts))


@lru_cache(maxsize=1024)
def _proposed(route: str, product: str, agreement: str, incomplete: bool) -> str:
    template = _PROPOSED.get(route, PROPOSED_OTHERWISE)
    sentence = template.format(product=product, agreement=agreement, label=route_label(route))
    if incomplete:
        sentence += " Il complète d’abord le dossier : la voie peut encore changer."
    return typo(sentence)


def decided_words(route: str, joined: Sequence[str] = ()) -> str:
    """What was decided; `joined` are the FINESS codes of the members that take part."""
    others = "un autre établissement du GHT" if len(joined) == 1 else "d’autres établissements du GHT"
    with_whom = f"{others} : {names(joined)}" if joined else others
    return typo(_DECIDED.get(route, DECIDED_OTHERWISE).format(joined=with_whom, label=route_label(route)))


def census_opened_words(purchase: Purchase, until: str) -> str:
    """The members were asked; there is at least one."""
    count = len(purchase.work.census.members) if purchase.work.census else 0
    asked = "L’autre établissement" if count == 1 else f"Les {count} autres établissements"
    verb = "est interrogé" if count == 1 else "sont interrogés"
    return typo(f"{asked} du GHT {verb} jusqu’au {until} : la suite de votre achat en dépend.")


def census_closed_words(joined: Sequence[str]) -> str:
    """All answered, or the deadline passed."""
    if not joined:
        return "Le recensement du GHT est clos : aucun autre établissement ne se joint à votre achat."
    who = "un établissement se joint" if len(joined) == 1 else f"{len(joined)} établissements se joignent"
    return typo(f"Le recensement du GHT est clos ; {who} à votre achat : {names(joined)}.")


def census_dropped_words() -> str:
    """The case ended while the members were being asked."""
    return "Le recensement du GHT est arrêté : votre demande ne va pas plus loin."


def missing_in_french(explanation: RoutingExplanation) -> list[str]:
    """The missing facts as people call them; a fact that a later release renamed keeps its name."""
    return [FACTS[name].label if name in FACTS else name for name in explanation.missing_facts]


def conditions_in_words(row: RuleRow) -> tuple[str, ...]:
    """Each condition as a short sentence; none for the rule that takes what is left."""
    return tuple(_condition(condition) for condition in row.when)


def _condition(condition: Condition) -> str:
    spec, value = FACTS[condition.fact], condition.value
    label = spec.label[0].upper() + spec.label[1:]
    if isinstance(value, bool):
        return f"{label} : {'oui' if value is (condition.op == 'is') else 'non'}"
    if isinstance(value, FactRef):
        return f"{label} {_OPS[condition.op]} {FACTS[value.fact].label}"
    if isinstance(value, int):
        return f"{label} {_OPS[condition.op]} {excluding_vat(value)}"
    words = [value] if isinstance(value, str) else value
    return f"{label} {_OPS[condition.op]} : {', '.join(_VALUES.get(word, word) for word in words)}"


def names(codes: Sequence[str]) -> str:
    """« CH de Roanne, CH de Firminy et Hôpital du Gier »."""
    said = [establishment_name(code) for code in codes]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} et {said[-1]}" if said else ""


def establishment_name(finess: str) -> str:
    """The name of an establishment, or its code where the directory does not hold it."""
    try:
        return establishment(finess).name
    except KeyError:
        return finess


def domain_label(code: str) -> str:
    """A business domain in words, or its code where it is unknown."""
    known = domains().get(code)
    return known.label if known else code
