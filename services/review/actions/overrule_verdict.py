"""The coordinator decides otherwise than the opinions add up to, before or after the last of them, with a reason."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from services.review.actions.carry_out import carry_out
from services.review.actions.close_withdrawn import without_opinion
from services.review.model.check_kinds import rules_of
from services.review.model.decided import announcement
from services.review.model.guards import ensure_coordinates, seen
from services.review.model.refusals import (
    ConditionsForbidden,
    NoCondition,
    NothingToOverrule,
    OpinionAwaited,
    OwnRequest,
    ReviewWithdrawn,
    SameVerdict,
)
from services.review.model.review import Overruled, Review, State
from services.review.model.texts import Reason, Written
from services.review.model.verdict import ComputedVerdict, compute_verdict
from shared.basics.errors import FieldError
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.vocabulary import CheckKind, Verdict
from shared.identity.person import Person
from shared.program.running import Running


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
    reason: Reason = Field(description="At least twenty characters")
    conditions: tuple[ArbitrationCondition, ...] = Field(
        (), max_length=50, description="Beside those of the opinions; only with favourable_with_conditions"
    )


async def overrule_verdict(
    running: Running[State], person: Person, case_id: UUID, command: OverruleVerdict, now: datetime
) -> Review:
    """Decide otherwise than the opinions; raises `OtherQueue`, `NothingToOverrule`, `OpinionAwaited`, …"""
    return await carry_out(
        running, person, case_id, None, "verdict_overruled", lambda review, _: decide(review, person, command, now), now
    )


def decide(state: State, person: Person, command: OverruleVerdict, now: datetime) -> Outcome[State]:
    """Close open checks without an opinion; a favourable decision waits for those that nothing replaces."""
    ensure_coordinates(person)
    review = seen(state, person)
    if review.status == "withdrawn":
        raise ReviewWithdrawn
    if review.requester == person.id:
        raise OwnRequest("Cette demande est la vôtre : une autre personne de la coordination doit l’arbitrer.")
    computed = compute_verdict(review.checks)
    if not computed.opinions:
        raise NothingToOverrule
    overruled = Overruled(
        computed=computed.verdict,
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
    if review.verdict == command.verdict and not command.conditions:
        raise SameVerdict
    if command.verdict != Verdict.UNFAVOURABLE:
        _ensure_indispensable_given(review)
    _ensure_conditions_agree(review, command, computed)
    kept = TrailEntry(
        "verdict_overruled", person.id, person.title, command.reason,
        {"before": review.verdict, "computed": computed.trace(), "verdict": command.verdict,
         "conditions": overruled.conditions},
    )  # fmt: skip
    review = replace(
        review,
        status="decided",
        verdict=command.verdict,
        decided_at=now,
        outlook=replace(review.outlook, overruled=overruled),
        checks=tuple(without_opinion(check) for check in review.checks),
    )
    return Outcome(review, (announcement(review, computed, now),), (kept,), result=review)


def _ensure_indispensable_given(review: Review) -> None:
    awaited = [rules_of(check.kind).indispensable for check in review.checks if check.given is None]
    whose = " et ".join(f"l’avis {name}" for name in awaited if name)
    if not whose:
        return
    if review.status == "decided":
        raise OpinionAwaited(
            f"L’instruction s’est terminée sans {whose} : une décision favorable demande une nouvelle demande."
        )
    raise OpinionAwaited(f"Une décision favorable attend d’abord {whose} : personne d’autre ne peut en tenir lieu.")


def _ensure_conditions_agree(review: Review, command: OverruleVerdict, computed: ComputedVerdict) -> None:
    if command.verdict != Verdict.FAVOURABLE_WITH_CONDITIONS:
        if command.conditions:
            why = "Seule une décision favorable avec réserves porte des réserves."
            raise ConditionsForbidden(why, errors=(FieldError("conditions", why),))
    elif not (computed.conditions or command.conditions):
        why = "Écrivez au moins une réserve, ou décidez « favorable »."
        raise NoCondition(why, errors=(FieldError("conditions", why),))
    for place, condition in enumerate(command.conditions):
        if review.check(condition.check) is None:
            why = "Cette demande n’a pas de volet de cette sorte."
            raise ConditionsForbidden(why, errors=(FieldError(f"conditions.{place}.check", why),))
