"""Questions to the requester, the clock that they stop, and who hears of what is late."""

from datetime import date, timedelta

import pytest

from services.review.actions import ask_question, pass_deadline
from services.review.actions.answer_arrives import answer_arrives
from services.review.actions.ask_question import AskQuestion
from services.review.model.refusals import (
    QuestionOpen,
)
from shared.basics.calendar import end_of
from shared.basics.errors import NotFound
from shared.basics.ids import new_id
from shared.contracts.events.requests import QuestionAnsweredV1
from shared.contracts.vocabulary import CheckKind
from tests.helpers.review_cases import MONDAY, opened, person
from tests.helpers.review_deeds import (
    RSSI,
    SECURITY,
    after,
    answered,
    due,
    question,
    told,
)


def test_a_question_stops_the_clock_until_the_answer() -> None:
    asked = question(opened())
    later = answered(asked, MONDAY + timedelta(days=14))
    assert due(asked, SECURITY) == date(2026, 12, 9)
    assert due(later, SECURITY) == date(2026, 12, 23), "twelve working days were left"


def test_a_late_check_still_gets_a_day_after_the_answer() -> None:
    asked = question(opened(), MONDAY + timedelta(days=30))
    assert due(answered(asked, MONDAY + timedelta(days=31)), SECURITY) == date(2026, 12, 28)


def test_an_answer_delivered_twice_restarts_the_clock_once() -> None:
    once = answered(question(opened()), MONDAY + timedelta(days=7))
    assert answered(once, MONDAY + timedelta(days=20)) is once


def test_one_open_question_per_check_and_several_per_case() -> None:
    review = question(opened())
    with pytest.raises(QuestionOpen):
        ask_question.decide(review, RSSI, SECURITY, AskQuestion(question="Et qui encore ?"), new_id(), MONDAY)
    assert (
        told(ask_question.decide(review, RSSI, SECURITY, AskQuestion(question="Qui héberge ?"), new_id(), MONDAY)) == []
    )
    other = person("reviewer-skills")
    assert ask_question.decide(
        review, other, CheckKind.SKILLS, AskQuestion(question="Combien ?"), new_id(), MONDAY
    ).events


def test_a_question_sent_again_after_its_answer_is_not_asked_twice() -> None:
    review = answered(question(opened()), MONDAY + timedelta(days=1))
    again = ask_question.decide(review, RSSI, SECURITY, AskQuestion(question="Qui héberge ?"), new_id(), MONDAY)
    assert told(again) == []
    assert again.state is review


def test_an_answer_to_no_question_is_refused() -> None:
    event = QuestionAnsweredV1(
        case_id=new_id(), question_id=new_id(), check=SECURITY, answer="Oui", answered_at=MONDAY, answered_by="x"
    )
    with pytest.raises(NotFound):
        answer_arrives(opened(), event, MONDAY)


def test_a_check_is_late_once_its_day_is_over_in_france_and_told_once() -> None:
    review = opened(urgency="critical")
    midnight = end_of(due(review, SECURITY))
    assert pass_deadline.decide(review, midnight - timedelta(seconds=1)).events == ()
    outcome = pass_deadline.decide(review, midnight)
    assert len(outcome.events) == len(review.checks)
    assert pass_deadline.decide(after(outcome), midnight + timedelta(days=3)).events == ()


def test_an_answer_that_does_not_come_is_told_to_the_requester() -> None:
    review = question(opened())
    outcome = pass_deadline.decide(review, MONDAY + timedelta(days=8))
    assert [(event.waiting_for, event.told) for event in outcome.events] == [  # type: ignore[attr-defined]
        ("requester", "requester,coordinator")
    ]
