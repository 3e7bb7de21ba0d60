"""One French sentence for the requester: what happens to their request now, without the vocabulary of public procurement."""

from collections.abc import Sequence
from functools import lru_cache

from services.purchasing.model.purchase import Purchase
from services.purchasing.model.routing.facts import RoutingFacts
from services.purchasing.model.routing.rules import RoutingExplanation
from shared.basics.french import typo
from shared.contracts.vocabulary import Route
from shared.reference.directory import establishment

_PROPOSED: dict[Route, str] = {
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
_DECIDED: dict[Route, str] = {
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


def proposed_words(explanation: RoutingExplanation, facts: RoutingFacts) -> str:
    """What the table proposes; where something is not known yet, who finds it out."""
    named = facts.reuse_product if explanation.route is Route.REUSE else facts.agreement_title
    return _proposed(explanation.route, named, bool(explanation.missing_facts))


@lru_cache(maxsize=1024)
def _proposed(route: Route, named: str, incomplete: bool) -> str:
    sentence = _PROPOSED[route].format(product=named or "Un logiciel", agreement=named or "d’une centrale d’achat")
    if incomplete:
        sentence += " Il complète d’abord le dossier : la voie peut encore changer."
    return typo(sentence)


def decided_words(route: Route, joined: Sequence[str] = ()) -> str:
    """What was decided; `joined` are the FINESS codes of the members that take part."""
    others = "un autre établissement du GHT" if len(joined) == 1 else "d’autres établissements du GHT"
    return typo(_DECIDED[route].format(joined=f"{others} : {names(joined)}" if joined else others))


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
