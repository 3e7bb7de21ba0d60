"""The decision table in the form that is walked through: each condition a function of the facts, each sentence too."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from services.purchasing.model.routing.document import Condition, FactRef, RuleRow, TableDocument
from services.purchasing.model.routing.facts import FACTS, FIGURES, RoutingFacts
from shared.basics.french import typo
from shared.contracts.vocabulary import Route

Test = Callable[[RoutingFacts], bool | None]
Sentence = Callable[[RoutingFacts], str]
PLACEHOLDER = re.compile(r"\{(\w+)\}")
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}


@dataclass(frozen=True, slots=True)
class CompiledCondition:
    """One comparison; `test` answers None where a fact that it needs is not known."""

    test: Test
    needs: tuple[tuple[str, Callable[[RoutingFacts], object]], ...]
    because: Sentence
    because_not: Sentence
    would: Sentence | None


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """One row of the table, ready to be tried."""

    id: str
    route: Route
    title: str
    source: str
    because: Sentence | None
    when: tuple[CompiledCondition, ...]
    suggestible: bool


@dataclass(frozen=True, slots=True)
class RoutingTable:
    """A checked table with its version and its dates; `document` is what was published."""

    version: str
    title: str
    valid_from: date
    valid_to: date | None
    rules: tuple[CompiledRule, ...]
    document: TableDocument


def compile_table(document: TableDocument) -> RoutingTable:
    """The table of a document that was checked before."""
    return RoutingTable(
        document.version,
        document.title,
        document.valid_from,
        document.valid_to,
        tuple(_rule(row) for row in document.rules),
        document,
    )


def _rule(row: RuleRow) -> CompiledRule:
    when = tuple(_condition(condition) for condition in row.when)
    return CompiledRule(
        row.id,
        row.route,
        typo(row.title),
        row.source,
        _sentence(row.because) if row.because else None,
        when,
        bool(when) and any(condition.would for condition in when),
    )


def _condition(condition: Condition) -> CompiledCondition:
    names = [condition.fact] + ([condition.value.fact] if isinstance(condition.value, FactRef) else [])
    return CompiledCondition(
        _test(condition),
        tuple((name, operator.attrgetter(name)) for name in names if not FACTS[name].none_is_known),
        _sentence(condition.because),
        _sentence(condition.because_not),
        _sentence(condition.would) if condition.would else None,
    )


def _test(condition: Condition) -> Test:
    get, wanted = operator.attrgetter(condition.fact), condition.value
    if condition.op in _COMPARE and isinstance(wanted, FactRef | int):
        return _comparison(_COMPARE[condition.op], get, wanted)
    words = frozenset(wanted) if isinstance(wanted, list) else frozenset((wanted,))
    expected = condition.op != "is_not"
    none_is_known = FACTS[condition.fact].none_is_known

    def test(facts: RoutingFacts) -> bool | None:
        value = get(facts)
        if value is None and not none_is_known:
            return None
        return (value in words) is expected

    return test


def _comparison(
    compare: Callable[[int, int], bool], get: Callable[[RoutingFacts], int | None], wanted: FactRef | int
) -> Test:
    get_limit: Callable[[RoutingFacts], int | None]
    if isinstance(wanted, FactRef):
        get_limit = operator.attrgetter(wanted.fact)
    else:
        fixed = wanted

        def get_limit(_facts: RoutingFacts) -> int | None:
            return fixed

    def test(facts: RoutingFacts) -> bool | None:
        value, limit = get(facts), get_limit(facts)
        return None if value is None or limit is None else compare(value, limit)

    return test


def _sentence(template: str) -> Sentence:
    """A template as a function; only the plain names of FIGURES are replaced, nothing is evaluated."""
    parts = PLACEHOLDER.split(typo(template))
    if len(parts) == 1:
        text = parts[0]
        return lambda _facts: text
    texts, figures = parts[::2], [FIGURES[name] for name in parts[1::2]]

    def sentence(facts: RoutingFacts) -> str:
        quoted = [figure(facts) for figure in figures]
        return texts[0] + "".join(figure + text for figure, text in zip(quoted, texts[1:], strict=True))

    return sentence
