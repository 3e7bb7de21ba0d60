"""The trail in French: what was done, and its figures. A word that is not known here is shown as it is."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final

from convergence.screen.moments import when
from shared.basics.french import date_short, euros, plural
from shared.contracts.vocabulary import LABELS, CensusAnswer, CheckKind, Opinion, Route, Verdict
from shared.reference.directory import name_of

ACTIONS: Final[Mapping[str, str]] = {
    "submit_request": "Demande envoyée",
    "withdraw_request": "Demande retirée",
    "answer_question": "Réponse à une question",
    "deadline_passed": "Échéance dépassée",
    "review_opened": "Instruction ouverte",
    "check_taken": "Volet pris",
    "check_released": "Volet rendu à sa file",
    "check_reassigned": "Volet réaffecté",
    "check_late": "Volet en retard",
    "items_answered": "Points de contrôle remplis",
    "question_asked": "Question au demandeur",
    "question_answered": "Réponse du demandeur reçue",
    "opinion_given": "Avis rendu",
    "review_decided": "Décision d’instruction",
    "verdict_overruled": "Arbitrage de la coordination",
    "review_withdrawn": "Instruction close, demande retirée",
    "purchase_opened": "Achat ouvert",
    "purchase_closed": "Achat clos",
    "route_proposed": "Voie d’achat proposée",
    "purchase_qualified": "Achat qualifié",
    "route_confirmed": "Voie d’achat confirmée",
    "route_overridden": "Autre voie d’achat choisie",
    "route_decided": "Voie d’achat décidée",
    "census_answered": "Réponse au recensement du GHT",
    "census_closed": "Recensement du GHT clos",
    "purchase_late": "Achat en retard",
    "purchase_not_opened": "Aucun achat à ouvrir",
    "verdict_after_withdrawal": "Décision reçue après le retrait",
    "verdict_after_decision": "Décision reçue après le choix de la voie",
    "verdict_during_census": "Décision reçue pendant le recensement",
    "award_recorded": "Attribution enregistrée",
    "award_corrected": "Attribution corrigée",
}


def action(slug: str) -> str:
    """What was done."""
    return ACTIONS.get(slug, slug)


def figures(detail: Mapping[str, Any]) -> str:
    """The figures of a decision that tell its reader something, on one line."""
    said = [word(detail[name]) for name, word in _FIGURES.items() if detail.get(name) not in (None, "", [], {})]
    return " ; ".join(one for one in said if one)


def label(kind: type[StrEnum], value: str) -> str:
    """The French label of a value of the vocabulary."""
    try:
        return LABELS[kind(value)]
    except ValueError:
        return value


def place(finess: str) -> str:
    """The name of an establishment, or its code."""
    return name_of(finess) or finess


def _of(kind: type[StrEnum], before: str = "") -> Callable[[Any], str]:
    return lambda value: before + label(kind, str(value))


def _day(value: Any) -> str:
    text = str(value)
    return when(text) if "T" in text else date_short(date.fromisoformat(text))


def _conditions(value: Any) -> str:
    if isinstance(value, int):
        return plural(value, "réserve")
    return "réserves : " + " · ".join(str(one[1] if isinstance(one, list) else one) for one in value)


def _joined(value: Any) -> str:
    return "se joignent : " + ", ".join(place(str(one)) for one in value)


_FIGURES: Final[Mapping[str, Callable[[Any], str]]] = {
    "check": _of(CheckKind, "volet "),
    "opinion": _of(Opinion),
    "verdict": _of(Verdict),
    "conditions": _conditions,
    "route": _of(Route),
    "proposed": _of(Route, "proposée : "),
    "rule": lambda value: f"règle {value}",
    "table_version": lambda value: f"table {value}",
    "amount_cents": lambda value: f"{euros(int(value))} HT",
    "years": lambda value: f"sur {plural(int(value), 'an')}",
    "establishment": lambda value: place(str(value)),
    "answer": _of(CensusAnswer),
    "joined": _joined,
    "answer_expected_by": lambda value: f"réponse attendue le {_day(value)}",
    "due_on": lambda value: f"échéance {_day(value)}",
    "due_at": lambda value: f"échéance {_day(value)}",
}
"""How each figure reads, in the order in which they are said."""
