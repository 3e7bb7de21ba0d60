"""The coordinator's own decision: both verdicts are kept, and it has its limits."""

import pytest

from services.review.actions import overrule_verdict
from services.review.actions.give_opinion import GiveOpinion
from services.review.actions.overrule_verdict import ArbitrationCondition, OverruleVerdict
from services.review.model.refusals import (
    NoCondition,
    NothingToOverrule,
    OpinionAwaited,
    OtherQueue,
    OwnRequest,
    SameVerdict,
)
from shared.contracts.events.reviews import ReviewDecidedV1
from shared.contracts.vocabulary import CheckKind, Opinion, Verdict
from tests.helpers.review_cases import MONDAY, opened
from tests.helpers.review_deeds import (
    BOSS,
    RSSI,
    SECURITY,
    WHY,
    after,
    closed,
    finished,
    told,
)


def test_the_coordinator_overrules_after_the_decision_and_both_are_kept() -> None:
    against = GiveOpinion(opinion=Opinion.UNFAVOURABLE, comment="Accès refusé par l’éditeur.")
    review = after(finished(opened(), security=against))
    command = OverruleVerdict(
        verdict=Verdict.FAVOURABLE_WITH_CONDITIONS,
        reason=WHY,
        conditions=(ArbitrationCondition(check=SECURITY, text="Passer par le bastion."),),
    )
    outcome = overrule_verdict.decide(review, BOSS, command, MONDAY)
    decided = outcome.events[0]
    assert isinstance(decided, ReviewDecidedV1)
    assert decided.overruling is not None
    assert (decided.overruling.computed, decided.verdict) == (Verdict.UNFAVOURABLE, Verdict.FAVOURABLE_WITH_CONDITIONS)
    assert outcome.trail[0].detail["before"] == Verdict.UNFAVOURABLE
    assert told(overrule_verdict.decide(after(outcome), BOSS, command, MONDAY)) == []


def test_the_coordinator_may_decide_before_the_last_opinion() -> None:
    review = after(closed(opened(), SECURITY))
    decided = after(
        overrule_verdict.decide(review, BOSS, OverruleVerdict(verdict=Verdict.UNFAVOURABLE, reason=WHY), MONDAY)
    )
    assert decided.status == "decided"
    assert all(check.closed for check in decided.checks)


def test_arbitration_has_its_limits() -> None:
    favourable = OverruleVerdict(verdict=Verdict.FAVOURABLE, reason=WHY)
    with pytest.raises(NothingToOverrule):
        overrule_verdict.decide(opened(), BOSS, favourable, MONDAY)
    with pytest.raises(SameVerdict):
        overrule_verdict.decide(after(finished(opened())), BOSS, favourable, MONDAY)
    with pytest.raises(OwnRequest):
        overrule_verdict.decide(after(finished(opened(requester="coordinator"))), BOSS, favourable, MONDAY)
    with pytest.raises(OtherQueue):
        overrule_verdict.decide(after(finished(opened())), RSSI, favourable, MONDAY)
    reserved = OverruleVerdict(verdict=Verdict.FAVOURABLE_WITH_CONDITIONS, reason=WHY)
    with pytest.raises(NoCondition):
        overrule_verdict.decide(after(finished(opened())), BOSS, reserved, MONDAY)


def test_no_favourable_decision_passes_the_rssi_and_the_dpo_by() -> None:
    favourable = OverruleVerdict(verdict=Verdict.FAVOURABLE, reason=WHY)
    review = after(closed(opened(data="health"), CheckKind.FUNCTIONAL))
    with pytest.raises(OpinionAwaited, match="RSSI et l’avis du DPO"):
        overrule_verdict.decide(review, BOSS, favourable, MONDAY)
    review = after(closed(review, SECURITY))
    with pytest.raises(OpinionAwaited, match="DPO"):
        overrule_verdict.decide(review, BOSS, favourable, MONDAY)
    refused = after(
        overrule_verdict.decide(review, BOSS, OverruleVerdict(verdict=Verdict.UNFAVOURABLE, reason=WHY), MONDAY)
    )
    with pytest.raises(OpinionAwaited, match="nouvelle demande"):
        overrule_verdict.decide(refused, BOSS, favourable, MONDAY)
    heard = after(closed(review, CheckKind.PRIVACY))
    assert after(overrule_verdict.decide(heard, BOSS, favourable, MONDAY)).verdict == Verdict.FAVOURABLE
