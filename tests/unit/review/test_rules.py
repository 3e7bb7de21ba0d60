"""The rules of a review, one sentence each."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.review.actions import answer_items, give_opinion, reassign_check, release_check, take_check
from services.review.actions.answer_items import AnswerItems, ItemAnswer
from services.review.actions.close_withdrawn import close_withdrawn
from services.review.actions.give_opinion import GiveOpinion
from services.review.actions.judge_reuse import ReuseJudgement
from services.review.actions.open_review import open_review
from services.review.actions.reassign_check import ReassignCheck
from services.review.model.refusals import (
    CheckClosed,
    CommentMissing,
    EvidenceMissing,
    HeldByAnother,
    ItemsUnanswered,
    NoCondition,
    NotFavourable,
    OtherQueue,
    OwnRequest,
    ReviewWithdrawn,
    UnfitReviewer,
    UnknownItem,
    UnknownReuse,
)
from shared.basics.errors import Invalid, NotFound
from shared.basics.ids import new_id
from shared.casework.outcome import Outcome
from shared.contracts.events.requests import RequestWithdrawnV1
from shared.contracts.events.reviews import ReviewDecidedV1
from shared.contracts.need import EquippedSoftware
from shared.contracts.vocabulary import CheckKind, Opinion, Verdict
from tests.helpers.review_cases import EVIDENCE, MONDAY, ROANNE, opened, person, submitted
from tests.helpers.review_deeds import (
    BOSS,
    DEPUTY,
    FUNCTIONAL,
    MET,
    RSSI,
    SECURITY,
    after,
    closed,
    due,
    finished,
    told,
)


def test_a_request_without_personal_data_has_every_check_but_privacy() -> None:
    kinds = [kind for kind in CheckKind if kind != CheckKind.PRIVACY]
    assert [check.kind for check in opened(data="none").checks] == kinds


@pytest.mark.parametrize("data", ["personal", "health"])
def test_personal_and_health_data_call_for_the_privacy_check(data: str) -> None:
    assert opened(data=data).check(CheckKind.PRIVACY) is not None


def test_a_request_delivered_twice_opens_one_review() -> None:
    event = submitted()
    first = open_review(None, event, MONDAY)
    assert open_review(first.state, event, MONDAY + timedelta(hours=1)) == Outcome(first.state)


def test_due_dates_count_french_working_days() -> None:
    before_christmas = datetime(2026, 12, 21, 9, tzinfo=UTC)
    assert due(opened(MONDAY), FUNCTIONAL) == date(2026, 12, 7)
    assert due(opened(before_christmas), FUNCTIONAL) == date(2027, 1, 6), "two weeks, Christmas and New Year left out"


@pytest.mark.parametrize(("urgency", "days"), [("normal", 12), ("high", 6), ("critical", 3)])
def test_urgency_shortens_the_delay(urgency: str, days: int) -> None:
    expected = {12: date(2026, 12, 9), 6: date(2026, 12, 1), 3: date(2026, 11, 26)}[days]
    assert due(opened(urgency=urgency), SECURITY) == expected


def test_the_opening_day_is_the_one_in_france() -> None:
    late_evening = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert due(opened(late_evening), FUNCTIONAL) == due(opened(MONDAY), FUNCTIONAL)


def test_only_the_rssi_works_security_and_only_the_dpo_privacy() -> None:
    review = opened(data="health")
    for account in ("reviewer-functional", "dpo", "coordinator", "auditor", "buyer"):
        with pytest.raises(OtherQueue):
            give_opinion.decide(review, person(account), SECURITY, MET, MONDAY)
    with pytest.raises(OtherQueue):
        give_opinion.decide(review, RSSI, CheckKind.PRIVACY, MET, MONDAY)


def test_a_reviewer_cannot_review_their_own_request() -> None:
    review = opened(requester="rssi-2")
    with pytest.raises(OwnRequest):
        give_opinion.decide(review, DEPUTY, SECURITY, MET, MONDAY)
    with pytest.raises(OwnRequest):
        take_check.decide(review, DEPUTY, SECURITY)


def test_cases_of_other_establishments_do_not_exist() -> None:
    with pytest.raises(NotFound):
        take_check.decide(opened(), person("reviewer-functional-roanne"), FUNCTIONAL)
    assert take_check.decide(opened(establishment=ROANNE), person("reviewer-functional-roanne"), FUNCTIONAL).events


def test_taking_again_changes_nothing_and_a_colleague_is_refused() -> None:
    review = after(take_check.decide(opened(), RSSI, SECURITY))
    assert told(take_check.decide(review, RSSI, SECURITY)) == []
    with pytest.raises(HeldByAnother):
        take_check.decide(review, DEPUTY, SECURITY)


def test_a_substitute_takes_over_from_an_absent_colleague() -> None:
    review = after(take_check.decide(opened(), RSSI, SECURITY))
    outcome = give_opinion.decide(review, DEPUTY, SECURITY, MET, MONDAY, frozenset({"rssi"}))
    check = after(outcome).check(SECURITY)
    assert check is not None
    assert check.given is not None
    assert check.given.reviewer == "rssi-2"


def test_only_the_holder_or_the_coordinator_releases() -> None:
    review = after(take_check.decide(opened(), RSSI, SECURITY))
    with pytest.raises(HeldByAnother):
        release_check.decide(review, DEPUTY, SECURITY)
    for actor in (RSSI, BOSS):
        outcome = release_check.decide(review, actor, SECURITY)
        assert told(outcome) == ["CheckTakenV1"]
        assert outcome.events[0].reviewer is None  # type: ignore[attr-defined]


def test_the_coordinator_reassigns_to_somebody_who_may_do_it() -> None:
    review = opened(requester="rssi-2")
    for unfit in ("reviewer-functional", "rssi-2"):
        with pytest.raises(UnfitReviewer):
            reassign_check.decide(review, BOSS, SECURITY, ReassignCheck(reviewer=unfit), person(unfit))
    with pytest.raises(UnfitReviewer):
        reassign_check.decide(review, BOSS, SECURITY, ReassignCheck(reviewer="nobody"), None)
    with pytest.raises(OtherQueue):
        reassign_check.decide(review, RSSI, SECURITY, ReassignCheck(reviewer="rssi"), RSSI)
    assert told(reassign_check.decide(review, BOSS, SECURITY, ReassignCheck(reviewer="rssi"), RSSI)) == ["CheckTakenV1"]


def test_the_last_opinion_decides_and_the_need_goes_on() -> None:
    outcome = finished(opened(data="health"))
    assert told(outcome) == ["OpinionGivenV1", "ReviewDecidedV1"]
    decided = outcome.events[-1]
    assert isinstance(decided, ReviewDecidedV1)
    assert decided.verdict == Verdict.FAVOURABLE
    assert decided.need.title == "Planification du bloc opératoire"


def test_any_unfavourable_opinion_wins_over_conditions() -> None:
    against = GiveOpinion(opinion=Opinion.UNFAVOURABLE, comment="Accès refusé par l’éditeur.")
    reserved = GiveOpinion(
        opinion=Opinion.FAVOURABLE_WITH_CONDITIONS,
        checklist="all_met",
        comment=EVIDENCE,
        conditions=("Former un relais.",),
    )
    review = opened()
    assert after(finished(review, skills=reserved)).verdict == Verdict.FAVOURABLE_WITH_CONDITIONS
    assert after(finished(review, skills=reserved, security=against)).verdict == Verdict.UNFAVOURABLE


def test_the_verdict_keeps_its_trace() -> None:
    against = GiveOpinion(opinion=Opinion.UNFAVOURABLE, comment="Accès refusé par l’éditeur.")
    kept = finished(opened(), security=against).trail[-1]
    assert kept.detail["rule"] == "any_unfavourable"
    assert kept.detail["decisive"] == (SECURITY,)


def test_an_opinion_lists_the_items_without_answer() -> None:
    with pytest.raises(ItemsUnanswered) as refusal:
        closed(opened(), SECURITY, GiveOpinion(opinion=Opinion.FAVOURABLE, comment=EVIDENCE))
    assert all(error.field.startswith("answers.") for error in refusal.value.errors)


def test_all_met_needs_its_evidence_and_is_kept_item_by_item() -> None:
    with pytest.raises(EvidenceMissing):
        closed(opened(), SECURITY, GiveOpinion(opinion=Opinion.FAVOURABLE, checklist="all_met"))
    outcome = closed(opened(), SECURITY)
    assert "backup" in outcome.trail[0].detail["stated_met"]


def test_an_item_answered_no_becomes_a_condition_and_forbids_favourable() -> None:
    no = {"backup": ItemAnswer(value="no", evidence="Pas de copie hors ligne.")}
    with pytest.raises(NotFavourable):
        closed(opened(), SECURITY, MET.model_copy(update={"answers": no}))
    reserved = MET.model_copy(update={"answers": no, "opinion": Opinion.FAVOURABLE_WITH_CONDITIONS})
    check = after(closed(opened(), SECURITY, reserved)).check(SECURITY)
    assert check is not None
    assert check.given is not None
    assert check.given.conditions[0].endswith("Pas de copie hors ligne.")


def test_a_no_without_words_and_an_expired_derogation_are_refused() -> None:
    for answer, part in (
        (ItemAnswer(value="no"), "evidence"),
        (ItemAnswer(value="derogation", evidence="Migration prévue."), "until"),
        (ItemAnswer(value="derogation", evidence="Migration prévue.", until=date(2026, 11, 22)), "until"),
    ):
        with pytest.raises(ItemsUnanswered) as refusal:
            closed(opened(), SECURITY, MET.model_copy(update={"answers": {"backup": answer}}))
        assert [error.field for error in refusal.value.errors] == [f"answers.backup.{part}"]


def test_a_dated_derogation_lifts_an_item() -> None:
    answer = ItemAnswer(value="derogation", evidence="Migration prévue.", until=date(2027, 6, 30))
    assert closed(opened(), SECURITY, MET.model_copy(update={"answers": {"backup": answer}})).events


def test_a_point_that_does_not_apply_says_why() -> None:
    for value in ("not_applicable", "derogation"):
        answer = ItemAnswer.model_validate({"value": value, "until": "2027-06-30"})
        with pytest.raises(ItemsUnanswered) as refusal:
            closed(opened(), SECURITY, MET.model_copy(update={"answers": {"backup": answer}}))
        assert [error.field for error in refusal.value.errors] == ["answers.backup.evidence"]


def test_a_list_of_bare_yeses_is_no_finding() -> None:
    review = opened()
    check = review.check(SECURITY)
    assert check is not None
    yes = {item.id: ItemAnswer(value="yes") for item in review.items(check)}
    bare = GiveOpinion(opinion=Opinion.FAVOURABLE, answers=yes)
    with pytest.raises(EvidenceMissing):
        closed(review, SECURITY, bare)
    assert closed(review, SECURITY, bare.model_copy(update={"comment": EVIDENCE})).events
    seen = {name: ItemAnswer(value="yes", evidence=EVIDENCE) for name in yes}
    assert closed(review, SECURITY, bare.model_copy(update={"answers": seen})).events


def test_conditions_fit_into_one_event() -> None:
    long = MET.model_copy(
        update={
            "opinion": Opinion.FAVOURABLE_WITH_CONDITIONS,
            "conditions": tuple(f"{n} " + "x" * 3990 for n in range(8)),
        }
    )
    with pytest.raises(Invalid) as refusal:
        closed(opened(), SECURITY, long)
    assert refusal.value.errors[0].field == "conditions"
    assert closed(opened(), SECURITY, long.model_copy(update={"conditions": long.conditions[:7]})).events


def test_opinions_that_say_nothing_are_refused() -> None:
    with pytest.raises(CommentMissing):
        closed(opened(), SECURITY, GiveOpinion(opinion=Opinion.UNFAVOURABLE))
    with pytest.raises(NoCondition):
        closed(opened(), SECURITY, MET.model_copy(update={"opinion": Opinion.FAVOURABLE_WITH_CONDITIONS}))


def test_items_that_do_not_concern_the_request_are_refused() -> None:
    for item in ("hds-v2", "no-such-item"):
        with pytest.raises(UnknownItem):
            answer_items.decide(
                opened(data="none"), RSSI, SECURITY, AnswerItems(answers={item: ItemAnswer(value="yes")})
            )


def test_answers_are_kept_one_by_one_and_can_be_taken_back() -> None:
    review = after(
        answer_items.decide(opened(), RSSI, SECURITY, AnswerItems(answers={"backup": ItemAnswer(value="no")}))
    )
    review = after(
        answer_items.decide(review, RSSI, SECURITY, AnswerItems(answers={"updates": ItemAnswer(value="yes")}))
    )
    check = review.check(SECURITY)
    assert check is not None
    assert set(check.answers) == {"backup", "updates"}
    check = after(answer_items.decide(review, RSSI, SECURITY, AnswerItems(answers={"backup": None}))).check(SECURITY)
    assert check is not None
    assert set(check.answers) == {"updates"}


def test_the_same_opinion_again_succeeds_and_another_is_refused() -> None:
    review = after(closed(opened(), SECURITY))
    assert told(closed(review, SECURITY)) == []
    with pytest.raises(CheckClosed):
        closed(review, SECURITY, GiveOpinion(opinion=Opinion.UNFAVOURABLE, comment="Finalement non."))
    with pytest.raises(CheckClosed):
        give_opinion.decide(review, DEPUTY, SECURITY, MET, MONDAY)


def test_the_functional_check_judges_what_the_ght_already_runs() -> None:
    entry = EquippedSoftware(entry_id=new_id(), product="Bloc", domain="operating-theatre", establishments=(ROANNE,))
    review = opened(equipped=(entry,))
    judgement = ReuseJudgement(entry_id=entry.entry_id, fits=True, reason="Même parcours, licences disponibles.")
    with pytest.raises(UnknownReuse):
        closed(review, SECURITY, MET.model_copy(update={"reuse": (judgement,)}))
    decided = finished(review, functional=MET.model_copy(update={"reuse": (judgement,)})).events[-1]
    assert isinstance(decided, ReviewDecidedV1)
    assert [(one.product, one.fits) for one in decided.reuse] == [("Bloc", True)]
    unjudged = finished(review).events[-1]
    assert isinstance(unjudged, ReviewDecidedV1)
    assert [one.fits for one in unjudged.reuse] == [None]


def test_a_withdrawn_request_leaves_the_queues() -> None:
    review = opened()
    event = RequestWithdrawnV1(case_id=review.case_id, withdrawn_at=MONDAY, reason="Plus de besoin.")
    review = after(close_withdrawn(review, event, MONDAY))
    assert all(check.closed for check in review.checks)
    with pytest.raises(ReviewWithdrawn):
        closed(review, SECURITY)
    assert close_withdrawn(review, event, MONDAY) == Outcome(review)
