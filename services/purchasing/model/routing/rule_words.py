"""A routing table in French, condition by condition, for the people who answer for it."""

from typing import Final

from services.purchasing.model.routing.document import Condition, FactRef, RuleRow
from services.purchasing.model.routing.facts import FACTS, AgreementKind, CensusOutcome, excluding_vat, in_sentence
from shared.contracts.vocabulary import RequestKind

_OPS: Final = {
    "is": "est",
    "is_not": "n’est pas",
    "in": "est parmi",
    "lt": "est inférieur à",
    "lte": "est inférieur ou égal à",
    "gt": "est supérieur à",
    "gte": "est supérieur ou égal à",
}
_WORDS: Final[dict[str, str]] = {
    word.value: in_sentence(word.label) for words in (RequestKind, AgreementKind, CensusOutcome) for word in words
}


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
    return f"{label} {_OPS[condition.op]} : {', '.join(_WORDS.get(word, word) for word in words)}"
