"""What the property tests found, each as the sentence that it broke."""

from datetime import timedelta
from typing import Any

from services.request.actions.on_events import CASEWORK
from services.request.model.follow_up import FollowUp, Stage, stage_of
from services.request.model.waiting import waiting_for
from services.review.actions import ask_question, release_check
from services.review.actions.answer_arrives import answer_arrives
from services.review.actions.ask_question import AskQuestion
from services.review.model.review import Check, Review
from shared.basics.ids import new_id
from shared.contracts.events.purchases import RouteDecidedV1, RouteExplanation, RouteProposedV1
from shared.contracts.events.requests import QuestionAnsweredV1
from shared.contracts.events.reviews import CheckTakenV1, ReviewDecidedV1
from shared.contracts.vocabulary import CheckKind, Route, Verdict
from tests.helpers.review_cases import MONDAY, need, opened, person
from tests.properties import commands, given
from tests.properties.people import PEOPLE
from tests.properties.world import Accepted, World

SECURITY = CheckKind.SECURITY
WHY = RouteExplanation(rule="R9", table_version="1", tried=())
LATER = MONDAY + timedelta(days=2)


def asked() -> tuple[Review, tuple[Any, ...]]:
    """A review whose RSSI asked before taking the check."""
    outcome = ask_question.decide(
        opened(), person("rssi"), SECURITY, AskQuestion(question="Combien de salles ?"), new_id(), MONDAY
    )
    assert outcome.state is not None
    return outcome.state, outcome.events


def security(review: Review | None) -> Check:
    check = review.check(SECURITY) if review else None
    assert check is not None
    return check


def answered(review: Review) -> QuestionAnsweredV1:
    question = security(review).questions[0].question_id
    return QuestionAnsweredV1(
        case_id=review.case_id,
        question_id=question,
        check=SECURITY,
        answer="Douze.",
        answered_at=LATER,
        answered_by="r",
    )


def test_the_requester_sees_who_asks_before_having_taken_the_check() -> None:
    _, events = asked()
    assert [type(event).__name__ for event in events] == ["CheckTakenV1", "QuestionAskedV1"]


def test_the_requester_sees_the_new_due_date_once_they_have_answered() -> None:
    review, _ = asked()
    outcome = answer_arrives(review, answered(review), LATER)
    [told] = outcome.events
    assert isinstance(told, CheckTakenV1)
    assert told.due_on == security(outcome.state).due_on > security(review).due_on
    assert told.reviewer == "rssi"


def test_a_check_given_back_while_the_answer_was_awaited_is_in_its_queue_again_afterwards() -> None:
    review, _ = asked()
    free = release_check.decide(review, person("rssi"), SECURITY).state
    assert free is not None
    assert security(answer_arrives(free, answered(free), LATER).state).status == "to_take"


def _decided(verdict: Verdict) -> ReviewDecidedV1:
    return ReviewDecidedV1(case_id=new_id(), decided_at=MONDAY, verdict=verdict, opinions=(), need=need())


def _heard(*events: Any) -> FollowUp:
    world = World()
    written = world.perform(commands.write(new_id(), PEOPLE["requester-chu"], given.FORM, submit=True))
    assert isinstance(written, Accepted)
    request = written.outcome.state
    for event in events:
        request = CASEWORK[type(event)](request, event, MONDAY).state
    follow_up: FollowUp = request.follow_up
    return follow_up


def test_a_route_that_was_taken_stands_for_the_requester_when_the_verdict_is_overruled_afterwards() -> None:
    route = RouteDecidedV1(
        case_id=new_id(), decided_at=MONDAY, route=Route.OWN_TENDER, proposed=Route.OWN_TENDER, overridden=False,
        decided_by_title="Acheteur", explanation=WHY, in_plain_words="Un appel d’offres.",
    )  # fmt: skip
    follow_up = _heard(_decided(Verdict.FAVOURABLE), route, _decided(Verdict.UNFAVOURABLE))
    assert stage_of(follow_up) is Stage.ROUTED


def test_somebody_is_told_of_a_proposed_route_whose_verdict_is_still_under_way() -> None:
    proposed = RouteProposedV1(
        case_id=new_id(),
        proposed_at=MONDAY,
        route=Route.OWN_TENDER,
        explanation=WHY,
        in_plain_words="Un appel d’offres.",
    )
    assert [waiting.told for waiting in waiting_for(_heard(proposed))] == ["buyer"]
