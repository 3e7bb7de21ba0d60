"""Which purchase route a case takes, and why: the decision table is walked from its first rule, and each try explained."""

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec

from services.purchasing.model.routing.document import Condition, FactRef, RuleRow, TableDocument
from services.purchasing.model.routing.facts import FACTS, FIGURES, RoutingFacts
from services.purchasing.model.routing.procedure import procedure_of
from shared.basics.french import NARROW, typo

PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
JUSTIFIED: Final = "exclusive_rights_justified"
_TOO_SHORT: Final = typo(
    "La justification des droits exclusifs est trop courte : dites pourquoi en 20 caractères au moins."
)
_UNKNOWN: Final = {name: typo(f"Pas encore connu : {spec.label}.") for name, spec in FACTS.items()}
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}
_written = lru_cache(maxsize=4096)(typo)


class RuleTried(msgspec.Struct, frozen=True):
    """One rule that was tried; `matched` None: a fact that it needs is not known, so it cannot be taken yet."""

    rule_id: str
    title: str
    matched: bool | None
    reasons: tuple[str, ...]
    source: str


class RoutingExplanation(msgspec.Struct, frozen=True):
    """The route, the rule that gave it, every rule tried before, and what would have changed the answer."""

    route: str
    rule_id: str
    table_version: str
    procedure: str
    procedure_because: str
    tried: tuple[RuleTried, ...]
    missing_facts: tuple[str, ...]
    what_would_change: tuple[str, ...]


def evaluate(table: TableDocument, facts: RoutingFacts) -> RoutingExplanation:
    """The first rule whose conditions all hold wins; an unknown fact never makes a rule hold."""
    tried: list[RuleTried] = []
    missing: dict[str, None] = {}
    changes: list[str] = []
    for rule in table.rules:
        answers = [_holds(condition, facts) for condition in rule.when]
        if all(answers):
            break
        unknown = _unknown(rule, answers, facts)
        tried.append(_not_taken(rule, answers, unknown, facts))
        missing.update(dict.fromkeys(unknown))
        if change := _what_would(rule, answers, facts):
            changes.append(change)
    else:
        raise AssertionError("a checked table ends with a rule without conditions")
    required = procedure_of(rule.route, facts)
    missing.update(dict.fromkeys(required.missing))
    if required.lighter is not None:
        changes.append(required.lighter)
    because = [_said(text, facts) for text in (*(condition.because for condition in rule.when), rule.because) if text]
    if "amount_cents" not in required.missing and required.because not in because:
        because.append(required.because)
    tried.append(RuleTried(rule.id, _written(rule.title), True, tuple(because), rule.source))
    return RoutingExplanation(
        rule.route,
        rule.id,
        table.version,
        required.procedure,
        required.because,
        tuple(tried),
        tuple(missing),
        tuple(changes),
    )


def _holds(condition: Condition, facts: RoutingFacts) -> bool | None:
    """None where a fact that the comparison needs is not known."""
    value, wanted = getattr(facts, condition.fact), condition.value
    if isinstance(wanted, FactRef):
        wanted = getattr(facts, wanted.fact)
        if wanted is None:
            return None
    if value is None and not FACTS[condition.fact].none_is_known:
        return None
    if compare := _COMPARE.get(condition.op):
        return compare(value, wanted)
    if isinstance(wanted, list):
        return value in wanted
    return bool(value == wanted) is (condition.op == "is")


def _unknown(rule: RuleRow, answers: Sequence[bool | None], facts: RoutingFacts) -> tuple[str, ...]:
    """The facts that a rule lacks; none where one condition fails: that settles it, whatever is unknown beside it."""
    if False in answers:
        return ()
    named: Iterable[str] = (
        name
        for condition, answer in zip(rule.when, answers, strict=True)
        if answer is None
        for name in (condition.fact, *((condition.value.fact,) if isinstance(condition.value, FactRef) else ()))
        if getattr(facts, name) is None and not FACTS[name].none_is_known
    )
    return tuple(dict.fromkeys(named))


def _not_taken(rule: RuleRow, answers: Sequence[bool | None], unknown: Sequence[str], facts: RoutingFacts) -> RuleTried:
    if unknown:
        short = facts.justification_short
        reasons = [_TOO_SHORT if name == JUSTIFIED and short else _UNKNOWN[name] for name in unknown]
    else:
        reasons = [_said(c.because_not, facts) for c, holds in zip(rule.when, answers, strict=True) if holds is False]
    return RuleTried(rule.id, _written(rule.title), None if unknown else False, tuple(reasons), rule.source)


def _what_would(rule: RuleRow, answers: Sequence[bool | None], facts: RoutingFacts) -> str | None:
    """What would have to be true for the rule to be taken; None when a condition is nothing that one could change."""
    lacking = [condition.would for condition, holds in zip(rule.when, answers, strict=True) if not holds]
    said = [_said(would, facts) for would in lacking if would]
    if len(said) < len(lacking):
        return None
    return f"{_written(rule.title)}{NARROW}: si " + ", et si ".join(said) + "."


def _said(template: str, facts: RoutingFacts) -> str:
    """A sentence with its figures; only the plain names of FIGURES are replaced, nothing is evaluated."""
    text = _written(template)
    return PLACEHOLDER.sub(lambda name: FIGURES[name[1]](facts), text) if "{" in text else text
