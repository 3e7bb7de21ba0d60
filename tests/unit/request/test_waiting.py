"""What a request waits for, until when, and who is told."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import msgspec

from services.request.actions.on_events import route_proposed
from services.request.actions.pass_deadline import decide as tell
from services.request.model.follow_up import (
    Census,
    Check,
    Decision,
    FollowUp,
    Question,
    RouteStep,
    Stage,
    open_questions,
    stage_of,
)
from services.request.model.form import EMPTY
from services.request.model.request import Request
from services.request.model.waiting import next_deadline, overdue, waiting_for
from shared.contracts.events.purchases import RouteExplanation, RouteProposedV1
from shared.contracts.vocabulary import CheckKind, Opinion, Route, Verdict

SENT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SUBMITTED = FollowUp(submitted_at=SENT)
OPENED = FollowUp(submitted_at=SENT, opened_at=SENT)


def question(expected_by: date) -> Question:
    return Question(
        question_id=uuid4(),
        check=CheckKind.SECURITY,
        text="?",
        asked_at=SENT,
        asked_by_title="RSSI",
        expected_by=expected_by,
    )


def approved(at: datetime = SENT) -> FollowUp:
    return msgspec.structs.replace(OPENED, decision=Decision(verdict=Verdict.FAVOURABLE, decided_at=at))


def step(route: Route) -> RouteStep:
    return RouteStep(route=route, at=SENT, in_plain_words="", rule="R1", table_version="1")


def request(follow_up: FollowUp) -> Request:
    return Request(
        UUID(int=1), "D-2026-000001", "a", "A", "420784878", "d", SENT, SENT, b"", EMPTY, follow_up=follow_up
    )


def test_a_draft_waits_for_nobody() -> None:
    assert next_deadline(FollowUp()) is None


def test_a_review_that_does_not_start_within_a_quarter_of_an_hour_is_told_to_operations() -> None:
    late = SENT + timedelta(minutes=15)
    assert next_deadline(SUBMITTED) == late
    assert overdue(SUBMITTED, late - timedelta(seconds=1)) == ()
    assert [waiting.told for waiting in overdue(SUBMITTED, late)] == ["platform_operator"]


def test_an_opened_review_is_the_reviews_business() -> None:
    assert next_deadline(OPENED) is None


def test_an_answer_may_come_until_the_end_of_its_day_in_paris() -> None:
    asked = msgspec.structs.replace(OPENED, questions=(question(date(2026, 11, 27)),))
    assert next_deadline(asked) == datetime(2026, 11, 27, 23, 0, tzinfo=UTC)
    assert waiting_for(asked)[0].told == "requester"


def test_the_earliest_of_two_questions_comes_first() -> None:
    asked = msgspec.structs.replace(OPENED, questions=(question(date(2026, 12, 1)), question(date(2026, 11, 27))))
    assert next_deadline(asked) == datetime(2026, 11, 27, 23, 0, tzinfo=UTC)


def test_a_favourable_verdict_without_a_route_is_told_to_the_buyer_after_ten_working_days() -> None:
    assert next_deadline(approved()) == datetime(2026, 12, 7, 23, 0, tzinfo=UTC)
    assert waiting_for(approved())[0].told == "buyer"


def test_nobody_is_told_of_an_unfavourable_verdict() -> None:
    refused = Decision(verdict=Verdict.UNFAVOURABLE, decided_at=SENT)
    assert next_deadline(msgspec.structs.replace(OPENED, decision=refused)) is None


def test_each_deadline_is_told_once() -> None:
    now = SENT + timedelta(hours=1)
    told = tell(request(SUBMITTED), now)
    assert [decision.action for decision in told.trail] == ["deadline_passed"]
    assert told.state is not None
    assert next_deadline(told.state.follow_up) is None
    assert tell(told.state, now).trail == ()


def test_what_was_told_is_forgotten_once_the_review_starts() -> None:
    told = tell(request(SUBMITTED), SENT + timedelta(hours=1)).state
    assert told is not None
    started = msgspec.structs.replace(told.follow_up, opened_at=SENT)
    assert overdue(started, SENT + timedelta(days=1)) == ()


def test_the_stage_is_the_most_advanced_fact_whatever_came_first() -> None:
    change = msgspec.structs.replace
    census = Census(opened_at=SENT)
    assert stage_of(change(OPENED, decided=step(Route.REUSE))) is Stage.ROUTED
    assert stage_of(change(approved(), proposed=step(Route.REUSE))) is Stage.ROUTE_PROPOSED
    assert stage_of(change(approved(), decided=step(Route.GHT_CENSUS))) is Stage.CENSUS
    assert stage_of(change(approved(), census=census)) is Stage.CENSUS
    closed = change(census, closed_at=SENT)
    assert stage_of(change(approved(), census=closed, decided=step(Route.SHARED_TENDER))) is Stage.ROUTED
    assert stage_of(change(approved(), withdrawn_at=SENT)) is Stage.WITHDRAWN


def test_an_opinion_ends_the_questions_of_its_check() -> None:
    asked = msgspec.structs.replace(
        OPENED,
        questions=(question(date(2026, 11, 30)),),
        checks=(Check(kind=CheckKind.SECURITY, due_on=date(2026, 12, 1), opinion=Opinion.FAVOURABLE, given_at=SENT),),
    )
    assert open_questions(asked) == ()
    assert stage_of(asked) is Stage.IN_REVIEW
    assert waiting_for(asked) == ()


def test_a_case_that_is_routed_again_leaves_the_stopped_census_behind() -> None:
    proposal = RouteProposedV1(
        case_id=UUID(int=1),
        route=Route.OWN_TENDER,
        proposed_at=SENT,
        in_plain_words="Un appel d’offres est proposé.",
        explanation=RouteExplanation(rule="own-tender", table_version="1", tried=()),
    )
    stopped = msgspec.structs.replace(approved(), census=Census(opened_at=SENT, closed_at=SENT))
    assert route_proposed(stopped, proposal).census is None
    asking = msgspec.structs.replace(approved(), census=Census(opened_at=SENT))
    assert route_proposed(asking, proposal).census == asking.census
