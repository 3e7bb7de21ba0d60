"""The verdict: what the opinions of a review add up to, with the reason why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from services.review.model.review import Check
from shared.contracts.events.reviews import CheckOpinion, Condition
from shared.contracts.vocabulary import CheckKind, Opinion, Verdict

Rule = Literal["any_unfavourable", "any_condition", "all_favourable"]

RULES: dict[Rule, str] = {
    "any_unfavourable": "Un avis défavorable suffit à rendre la décision défavorable.",
    "any_condition": "Aucun avis défavorable, et au moins une réserve : elles suivent le dossier.",
    "all_favourable": "Tous les avis sont favorables, sans réserve.",
}


@dataclass(frozen=True, slots=True)
class Sum:
    """A verdict and its trace: the rule that gave it, the checks that decided, the conditions."""

    verdict: Verdict
    rule: Rule
    decisive: tuple[CheckKind, ...]
    opinions: tuple[CheckOpinion, ...]
    conditions: tuple[Condition, ...]

    def trace(self) -> dict[str, Any]:
        """The figures that the trail keeps."""
        return {
            "verdict": self.verdict,
            "rule": self.rule,
            "decisive": self.decisive,
            "opinions": {opinion.check.value: opinion.opinion for opinion in self.opinions},
            "conditions": len(self.conditions),
        }


def add_up(checks: Sequence[Check]) -> Sum:
    """Any unfavourable opinion wins, then any condition. Checks without an opinion count for nothing."""
    given = [(check.kind, check.given) for check in checks if check.given is not None]
    opinions = tuple(
        CheckOpinion(check=kind, opinion=g.opinion, reviewer_title=g.reviewer_title, comment=g.comment)
        for kind, g in given
    )
    conditions = tuple(Condition(check=kind, text=text) for kind, g in given for text in g.conditions)
    against = tuple(kind for kind, g in given if g.opinion is Opinion.UNFAVOURABLE)
    if against:
        return Sum(Verdict.UNFAVOURABLE, "any_unfavourable", against, opinions, conditions)
    reserved = tuple(kind for kind, g in given if g.opinion is Opinion.FAVOURABLE_WITH_CONDITIONS)
    if reserved:
        return Sum(Verdict.FAVOURABLE_WITH_CONDITIONS, "any_condition", reserved, opinions, conditions)
    return Sum(Verdict.FAVOURABLE, "all_favourable", tuple(kind for kind, _ in given), opinions, conditions)
