"""The verdict: what the opinions of a review add up to, with the reason why."""

from collections.abc import Sequence
from typing import Any

import msgspec

from services.review.model.review import Check
from shared.contracts.events.reviews import CheckOpinion, Condition
from shared.contracts.vocabulary import Opinion, Verdict
from shared.contracts.words import Words, label_of


class VerdictRule(Words):
    """The rule that gave a verdict."""

    ANY_UNFAVOURABLE = "any_unfavourable", "Un avis défavorable suffit à rendre la décision défavorable."
    ANY_CONDITION = "any_condition", "Aucun avis défavorable, et au moins une réserve : elles suivent le dossier."
    ALL_FAVOURABLE = "all_favourable", "Tous les avis sont favorables, sans réserve."


class ComputedVerdict(msgspec.Struct, frozen=True):
    """A verdict and its trace: the rule that gave it, the checks that decided, the conditions."""

    verdict: Verdict
    rule: VerdictRule
    decisive: tuple[str, ...]
    opinions: tuple[CheckOpinion, ...]
    conditions: tuple[Condition, ...]

    def trace(self) -> dict[str, Any]:
        """The figures that the trail keeps."""
        return {
            "verdict": self.verdict,
            "rule": self.rule,
            "decisive": self.decisive,
            "opinions": {str(opinion.check): opinion.opinion for opinion in self.opinions},
            "conditions": len(self.conditions),
        }


def compute_verdict(checks: Sequence[Check]) -> ComputedVerdict:
    """Any unfavourable opinion wins, then any condition. Checks without an opinion count for nothing."""
    given = [(check, check.given) for check in checks if check.given is not None]
    opinions = tuple(
        CheckOpinion(
            check=check.kind,
            check_label=check.kind_label,
            opinion=g.opinion,
            opinion_label=label_of(Opinion, g.opinion),
            reviewer_title=g.reviewer_title,
            comment=g.comment,
        )
        for check, g in given
    )
    conditions = tuple(
        Condition(check=check.kind, check_label=check.kind_label, text=text)
        for check, g in given
        for text in g.conditions
    )
    # An opinion that this version does not know is nobody's agreement.
    agreed = (Opinion.FAVOURABLE, Opinion.FAVOURABLE_WITH_CONDITIONS)
    against = tuple(check.kind for check, g in given if g.opinion not in agreed)
    if against:
        return ComputedVerdict(Verdict.UNFAVOURABLE, VerdictRule.ANY_UNFAVOURABLE, against, opinions, conditions)
    reserved = tuple(check.kind for check, g in given if g.opinion == Opinion.FAVOURABLE_WITH_CONDITIONS)
    if reserved:
        return ComputedVerdict(
            Verdict.FAVOURABLE_WITH_CONDITIONS, VerdictRule.ANY_CONDITION, reserved, opinions, conditions
        )
    decisive = tuple(check.kind for check, _ in given)
    return ComputedVerdict(Verdict.FAVOURABLE, VerdictRule.ALL_FAVOURABLE, decisive, opinions, conditions)
