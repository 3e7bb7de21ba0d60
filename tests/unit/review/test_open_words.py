"""Words that only a later version knows: they are kept, shown by their label, and never in the way."""

import msgspec
import pytest

from services.review.actions import give_opinion, overrule_verdict, release_check, take_check
from services.review.actions.open_review import open_review
from services.review.actions.overrule_verdict import OverruleVerdict
from services.review.model.check_kinds import asked_checks
from services.review.model.policy import due_date, policy
from services.review.model.refusals import OtherQueue
from services.review.model.review import Check, GivenOpinion, Review
from services.review.model.verdict import compute_verdict
from shared.basics.calendar import add_working_days
from shared.contracts.events.reviews import OpinionGivenV1, ReviewDecidedV1, ReviewOpenedV1
from shared.contracts.vocabulary import CheckKind, DataClass, Verdict
from tests.helpers.review_cases import EVIDENCE, MONDAY, opened, submitted
from tests.helpers.review_deeds import BOSS, MET, RSSI, SECURITY, WHY, after, closed, finished

LATER = Check("hologram", "Hologrammes", "2030-01-01", MONDAY.date())


def with_later_check(review: Review) -> Review:
    """As another process, of a later version, opened it."""
    return msgspec.structs.replace(review, checks=(*review.checks, LATER))


def test_an_unknown_kind_of_request_opens_a_review_with_the_usual_checks_and_items() -> None:
    later, new = opened(kind="pilot", kind_label="Pilote"), opened(kind="new")
    assert [check.kind for check in later.checks] == [check.kind for check in new.checks]
    assert [later.items(check) for check in later.checks] == [new.items(check) for check in new.checks]


def test_unknown_data_count_as_the_most_sensitive() -> None:
    later, health = opened(data="genome", data_label="Génome"), opened(data=DataClass.HEALTH)
    assert asked_checks("genome") == tuple(CheckKind)
    assert [later.items(check) for check in later.checks] == [health.items(check) for check in health.checks]


def test_an_unknown_urgency_takes_the_usual_time() -> None:
    assert [check.due_on for check in opened(urgency="calm").checks] == [check.due_on for check in opened().checks]


def test_a_kind_of_check_without_a_delay_of_its_own_takes_the_default() -> None:
    day = MONDAY.date()
    assert due_date("hologram", "normal", day) == add_working_days(day, policy(day).working_days["default"])


def test_nobody_works_a_check_that_this_version_does_not_know() -> None:
    review = with_later_check(opened())
    assert review.items(LATER) == ()
    with pytest.raises(OtherQueue):
        take_check.decide(review, RSSI, "hologram")
    with pytest.raises(OtherQueue):
        give_opinion.decide(review, RSSI, "hologram", MET, MONDAY)
    assert after(release_check.decide(review, BOSS, "hologram")) is review


def test_an_unknown_check_holds_the_decision_back_and_the_coordinator_may_overrule() -> None:
    waiting = after(finished(opened()))
    review = with_later_check(msgspec.structs.replace(waiting, status="open", verdict=None, decided_at=None))
    outcome = overrule_verdict.decide(review, BOSS, OverruleVerdict(verdict=Verdict.UNFAVOURABLE, reason=WHY), MONDAY)
    assert after(outcome).checks[-1].closed
    reopened = after(closed(with_later_check(opened()), SECURITY))
    assert reopened.status == "open"


def test_an_unknown_check_is_told_by_the_label_that_was_kept() -> None:
    given = GivenOpinion("favourable", EVIDENCE, (), "x", "Holographe", MONDAY)
    [opinion] = compute_verdict([msgspec.structs.replace(LATER, status="closed", given=given)]).opinions
    assert (opinion.check, opinion.check_label, opinion.opinion_label) == ("hologram", "Hologrammes", "Favorable")


def test_an_opinion_that_this_version_does_not_know_is_no_agreement() -> None:
    given = GivenOpinion("postponed", EVIDENCE, (), "x", "Holographe", MONDAY)
    check = msgspec.structs.replace(LATER, status="closed", given=given)
    assert compute_verdict([check]).verdict == Verdict.UNFAVOURABLE
    assert check.state_label == "postponed"


def test_events_carry_the_labels_of_their_words() -> None:
    [first] = open_review(None, submitted(), MONDAY).events
    assert isinstance(first, ReviewOpenedV1)
    assert all(check.kind_label for check in first.checks)
    given, decided = finished(opened()).events
    assert isinstance(given, OpinionGivenV1)
    assert isinstance(decided, ReviewDecidedV1)
    assert given.check_label
    assert (given.opinion_label, decided.verdict_label) == ("Favorable", "Favorable")
    assert all(opinion.check_label and opinion.opinion_label for opinion in decided.opinions)
