"""The figures of the trail in French. A word that is not known here is shown as it is."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from convergence.screen.moments import when
from shared.basics.french import date_short, euros, plural
from shared.contracts.vocabulary import CensusAnswer, CheckKind, Opinion, Route, Verdict
from shared.contracts.words import Words, label_of
from shared.reference.directory import establishment


def figures(detail: Mapping[str, Any]) -> str:
    """The figures of a decision that tell its reader something, on one line."""
    said = [word(detail[name]) for name, word in _FIGURES.items() if detail.get(name) not in (None, "", [], {})]
    return " ; ".join(one for one in said if one)


def place(finess: str) -> str:
    """The name of an establishment, or its code."""
    try:
        return establishment(finess).name
    except KeyError:
        return finess


def _of(words: type[Words], before: str = "") -> Callable[[Any], str]:
    return lambda value: before + label_of(words, str(value))


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
