"""A routing table in French, condition by condition, for the people who answer for it."""

from typing import Final

from services.purchasing.model.routing.document import Condition, FactRef, RuleRow
from services.purchasing.model.routing.facts import AGREEMENT_KINDS, FACTS, excluding_vat
from shared.contracts.vocabulary import LABELS, RequestKind

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
    **{kind.value: LABELS[kind].lower() for kind in RequestKind},
    **{str(kind): words for kind, words in AGREEMENT_KINDS.items()},
    "joined": "des membres se joignent",
    "nobody": "personne ne se joint",
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
