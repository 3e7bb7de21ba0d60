"""Which purchase route a case takes, and why: a decision table is walked from its first rule, and every try is told."""

from dataclasses import dataclass

from services.purchasing.model.routing.compiled import CompiledRule, RoutingTable
from services.purchasing.model.routing.facts import FACTS, RoutingFacts
from services.purchasing.model.routing.procedure import Procedure, procedure_of
from shared.basics.french import NARROW, typo
from shared.contracts.vocabulary import Route

JUSTIFIED = "exclusive_rights_justified"
_TOO_SHORT = typo("La justification des droits exclusifs est trop courte : dites pourquoi en 20 caractères au moins.")
_UNKNOWN = {name: typo(f"Pas encore connu : {spec.label}.") for name, spec in FACTS.items()}


@dataclass(slots=True)
class RuleTried:
    """One rule that was tried; `matched` None: a fact that it needs is not known, so it cannot be taken yet."""

    rule_id: str
    title: str
    matched: bool | None
    reasons: tuple[str, ...]
    source: str


@dataclass(slots=True)
class RoutingExplanation:
    """The route, the rule that gave it, every rule tried before, and what would have changed the answer."""

    route: Route
    rule_id: str
    table_version: str
    procedure: Procedure
    procedure_because: str
    tried: tuple[RuleTried, ...]
    missing_facts: tuple[str, ...]
    what_would_change: tuple[str, ...]


def evaluate(table: RoutingTable, facts: RoutingFacts) -> RoutingExplanation:
    """The first rule whose conditions all hold wins; an unknown fact never makes a rule hold."""
    tried: list[RuleTried] = []
    missing: dict[str, None] = {}
    changes: list[str] = []
    for rule in table.rules:
        attempt, unknown = _try(rule, facts)
        tried.append(attempt)
        if attempt.matched:
            break
        missing.update(unknown)
        if rule.suggestible:
            change = _what_would(rule, facts)
            if change is not None:
                changes.append(change)
    else:
        raise AssertionError("a checked table ends with a rule without conditions")
    required = procedure_of(rule.route, facts)
    missing.update(dict.fromkeys(required.missing))
    if "amount_cents" not in required.missing and required.because not in tried[-1].reasons:
        tried[-1].reasons += (required.because,)
    if required.lighter is not None:
        changes.append(required.lighter)
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


def _try(rule: CompiledRule, facts: RoutingFacts) -> tuple[RuleTried, dict[str, None]]:
    """Three-valued "and": one condition that fails settles it, whatever is unknown beside it."""
    failed: list[str] = []
    unknown: dict[str, None] = {}
    for condition in rule.when:
        answer = condition.test(facts)
        if answer is None:
            unknown.update((name, None) for name, get in condition.needs if get(facts) is None)
        elif not answer:
            failed.append(condition.because_not(facts))
    if failed:
        return RuleTried(rule.id, rule.title, False, tuple(failed), rule.source), {}
    if unknown:
        reasons = [
            _TOO_SHORT if name == JUSTIFIED and facts.justification_short else _UNKNOWN[name] for name in unknown
        ]
        return RuleTried(rule.id, rule.title, None, tuple(reasons), rule.source), unknown
    reasons = [condition.because(facts) for condition in rule.when]
    if rule.because is not None:
        reasons.append(rule.because(facts))
    return RuleTried(rule.id, rule.title, True, tuple(reasons), rule.source), unknown


def _what_would(rule: CompiledRule, facts: RoutingFacts) -> str | None:
    """What would have to be true for the rule to be taken; None when a condition is nothing that one could change."""
    lacking = [condition for condition in rule.when if not condition.test(facts)]
    if not all(condition.would for condition in lacking):
        return None
    return f"{rule.title}{NARROW}: si " + ", et si ".join(c.would(facts) for c in lacking if c.would) + "."
