"""What events say a case is about, and the tasks that they open and close."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from msgspec.structs import replace

from services.request.actions.answer_question import AnswerQuestion
from services.request.actions.answer_question import decide as answer
from services.request.actions.create_request import CreateRequest, Given
from services.request.actions.create_request import decide as create
from services.request.actions.pass_deadline import decide as pass_deadline
from services.request.actions.withdraw_request import WithdrawRequest
from services.request.actions.withdraw_request import decide as withdraw
from services.request.model.follow_up import FollowUp
from services.request.model.follow_up_parts import Decision, Question
from services.request.model.request import Request
from shared.casework.outcome import Outcome
from shared.contracts.case import EVERY_TASK, CaseEvent, about
from shared.contracts.events.requests import RequestLateV1, RequestSubmittedV2
from shared.identity.demo import DEMO_ACCOUNTS
from tests.helpers.filled_form import filled_form

AUTHOR = DEMO_ACCOUNTS["requester-roanne"].person
NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
LATE = NOW + timedelta(minutes=16)
QUESTION = Question(
    question_id=uuid4(), check="security", text="Qui ?", asked_at=NOW, asked_by_title="RSSI",
    expected_by=date(2026, 11, 30),
)  # fmt: skip


def submitted(follow_up: FollowUp | None = None) -> tuple[Request, RequestSubmittedV2]:
    """A request as it was sent, and then as the others have gone on with it."""
    sent = create(None, AUTHOR, CreateRequest(**filled_form().model_dump()), Given(uuid4(), "D-2026-000001"), NOW)
    assert sent.state is not None
    [event] = sent.events
    assert isinstance(event, RequestSubmittedV2)
    return replace(sent.state, follow_up=follow_up or sent.state.follow_up), event


def state_of(outcome: Outcome[Request | None]) -> Request:
    assert outcome.state is not None
    return outcome.state


def test_every_event_says_what_the_need_is_about() -> None:
    request, first = submitted(FollowUp(submitted_at=NOW, questions=(QUESTION,)))
    waiting, _ = submitted()
    answered = answer(request, AUTHOR, AnswerQuestion(question_id=QUESTION.question_id, answer="Moi."), NOW)
    withdrawn = withdraw(request, AUTHOR, WithdrawRequest(reason="Plus besoin."), NOW)
    late = pass_deadline(waiting, LATE)
    events: list[CaseEvent] = [first, *answered.events, *withdrawn.events, *late.events]
    assert len(events) == 4
    assert {event.about for event in events} == {about(first.need)}
    for event in events:
        assert type(event).model_validate_json(event.model_dump_json()) == event


def test_a_review_that_did_not_open_is_a_task_of_operations_until_it_opens() -> None:
    request, _ = submitted()
    told = pass_deadline(request, LATE)
    [event] = told.events
    assert isinstance(event, RequestLateV1)
    assert (event.waiting_for, event.due_at) == ("review", NOW + timedelta(minutes=15))
    [task] = event.opens
    assert (task.key, task.role, task.person, task.due_at) == ("late:review", "platform_operator", None, event.due_at)
    assert pass_deadline(state_of(told), LATE + timedelta(days=1)).events == ()


def test_a_late_answer_and_a_late_route_are_told_by_those_who_wait_for_them() -> None:
    approved = Decision(verdict="favourable", decided_at=NOW)
    for follow_up in (
        FollowUp(submitted_at=NOW, opened_at=NOW, questions=(QUESTION,)),
        FollowUp(submitted_at=NOW, opened_at=NOW, decision=approved),
    ):
        outcome = pass_deadline(submitted(follow_up)[0], NOW + timedelta(days=60))
        assert outcome.trail
        assert outcome.events == ()


def test_an_answer_closes_the_task_of_its_question() -> None:
    request, _ = submitted(FollowUp(submitted_at=NOW, opened_at=NOW, questions=(QUESTION,)))
    command = AnswerQuestion(question_id=QUESTION.question_id, answer="Le cadre.")
    [event] = answer(request, AUTHOR, command, NOW).events
    assert event.closes == (f"answer:{QUESTION.question_id}",)


def test_all_that_was_opened_is_closed_when_the_case_ends() -> None:
    told = pass_deadline(submitted()[0], LATE)
    ended = withdraw(told.state, AUTHOR, WithdrawRequest(reason="Plus besoin."), LATE)
    opened = {task.key for outcome in (told, ended) for event in outcome.events for task in event.opens}
    closed = {key for outcome in (told, ended) for event in outcome.events for key in event.closes}
    assert opened == {"late:review"}
    assert EVERY_TASK in closed


def test_a_draft_tells_nobody() -> None:
    draft = create(None, AUTHOR, CreateRequest(submit=False), Given(UUID(int=1), "D-2026-000002"), NOW)
    assert draft.events == ()
    assert withdraw(draft.state, AUTHOR, WithdrawRequest(reason="Plus besoin."), NOW).events == ()
