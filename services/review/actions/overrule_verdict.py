"""The coordinator decides otherwise than the opinions add up to, before or after the last of them, with a reason."""

from datetime import datetime

from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from services.review.actions.close_withdrawn import without_opinion
from services.review.model.decided import announcement, standing_conditions
from services.review.model.guards import coordinates, seen
from services.review.model.refusals import (
    ConditionsForbidden,
    NoCondition,
    NothingToOverrule,
    OpinionAwaited,
    OwnRequest,
    ReviewWithdrawn,
    SameVerdict,
)
from services.review.model.review import Overruled, Review
from services.review.model.texts import Motive, Written
from services.review.model.verdict import add_up
from shared.basics.errors import FieldError
from shared.casework.decide import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.vocabulary import CheckKind, Verdict
from shared.identity.person import Person

ONLY_THEIRS = {CheckKind.SECURITY: "l’avis du RSSI", CheckKind.PRIVACY: "l’avis du DPO"}
"""Checks that nobody else may close: a favourable decision needs these opinions, whatever they say."""


class ArbitrationCondition(BaseModel):
    """A condition that the coordinator sets; it stands under one of the checks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    check: CheckKind
    text: Written


class OverruleVerdict(BaseModel):
    """The decision of the coordinator. The opinions stay; both are kept, and both go to the purchase."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "verdict": "favourable_with_conditions",
                    "reason": "Continuité des soins : le contrat en place finit le 31 décembre, sans relais possible.",
                    "conditions": [
                        {"check": "security", "text": "Passer l’accès de l’éditeur par le bastion sous deux mois."}
                    ],
                }
            ]
        },
    )

    verdict: Verdict
    reason: Motive = Field(description="At least twenty characters")
    conditions: tuple[ArbitrationCondition, ...] = Field(
        (), max_length=50, description="Beside those of the opinions; only with favourable_with_conditions"
    )


def overrule_verdict(
    review: Review | None, command: OverruleVerdict, person: Person, now: datetime
) -> Outcome[Review | None]:
    """Decide the review so. Checks still open are closed without an opinion; a favourable decision waits for `ONLY_THEIRS`."""
    coordinates(person)
    review = seen(review, person)
    if review.status == "withdrawn":
        raise ReviewWithdrawn
    if review.requester == person.id:
        raise OwnRequest("Cette demande est la vôtre : une autre personne de la coordination doit l’arbitrer.")
    total = add_up(review.checks)
    if not total.opinions:
        raise NothingToOverrule
    overruled = Overruled(
        computed=total.verdict,
        verdict=command.verdict,
        reason=command.reason,
        coordinator=person.id,
        coordinator_title=person.title,
        at=now,
        conditions=tuple((condition.check, condition.text) for condition in command.conditions),
    )
    last = review.outlook.overruled
    if last is not None and replace(overruled, at=last.at) == last:
        return Outcome(review, result=review)
    if review.verdict is command.verdict and not command.conditions:
        raise SameVerdict
    if command.verdict is not Verdict.UNFAVOURABLE:
        _theirs_given(review)
    _conditions_agree(review, command, bool(standing_conditions(total, overruled)))
    before = review.verdict
    review = replace(
        review,
        status="decided",
        verdict=command.verdict,
        decided_at=now,
        outlook=replace(review.outlook, overruled=overruled),
        checks=tuple(without_opinion(check) for check in review.checks),
    )
    kept = TrailEntry(
        "verdict_overruled",
        person.id,
        person.title,
        command.reason,
        {"before": before, "computed": total.trace(), "verdict": command.verdict, "conditions": overruled.conditions},
    )
    return Outcome(review, (announcement(review, total, overruled, now),), (kept,), result=review)


def _theirs_given(review: Review) -> None:
    missing = [check for check in review.checks if check.kind in ONLY_THEIRS and check.given is None]
    if not missing:
        return
    whose = " et ".join(ONLY_THEIRS[check.kind] for check in missing)
    if review.status == "decided":
        raise OpinionAwaited(
            f"L’instruction s’est terminée sans {whose} : une décision favorable demande une nouvelle demande."
        )
    raise OpinionAwaited(f"Une décision favorable attend d’abord {whose} : personne d’autre ne peut en tenir lieu.")


def _conditions_agree(review: Review, command: OverruleVerdict, any_stands: bool) -> None:
    if command.verdict is not Verdict.FAVOURABLE_WITH_CONDITIONS:
        if command.conditions:
            why = "Seule une décision favorable avec réserves porte des réserves."
            raise ConditionsForbidden(why, errors=(FieldError("conditions", why),))
    elif not any_stands:
        why = "Écrivez au moins une réserve, ou décidez « favorable »."
        raise NoCondition(why, errors=(FieldError("conditions", why),))
    for place, condition in enumerate(command.conditions):
        if review.check(condition.check) is None:
            why = "Cette demande n’a pas de volet de cette sorte."
            raise ConditionsForbidden(why, errors=(FieldError(f"conditions.{place}.check", why),))
