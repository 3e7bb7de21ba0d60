"""What an author may do with a request, as sentences: no database, no clock, no mocks."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.request.actions.answer_question import AnswerQuestion
from services.request.actions.answer_question import decide as decide_answer
from services.request.actions.create_request import CreateRequest, Given
from services.request.actions.create_request import decide as decide_creation
from services.request.actions.edit_draft import decide as edit
from services.request.actions.submit_request import decide as submit
from services.request.actions.withdraw_request import WithdrawRequest
from services.request.actions.withdraw_request import decide as decide_withdrawal
from services.request.model.follow_up import Decision, FollowUp, Question, Stage
from services.request.model.form import RequestForm
from services.request.model.refusals import (
    AlreadyAnswered,
    AlreadySubmitted,
    AlreadyWithdrawn,
    KeyUsedForAnother,
    NotTheAuthor,
    RequestIncomplete,
    ReviewOver,
    TooLateToWithdraw,
)
from services.request.model.request import Request, State
from shared.basics.errors import NotFound
from shared.casework.outcome import Outcome
from shared.contracts.events.requests import QuestionAnsweredV1, RequestSubmittedV2, RequestWithdrawnV1
from shared.contracts.need import EquippedSoftware
from shared.contracts.vocabulary import CheckKind, DataClass, RequestKind, Urgency, Verdict
from shared.identity.demo import DEMO_ACCOUNTS
from shared.identity.person import Person

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
AUTHOR = DEMO_ACCOUNTS["requester-roanne"].person
REFERENT = DEMO_ACCOUNTS["referent-roanne"].person
STRANGER = DEMO_ACCOUNTS["requester-chu"].person
AUDITOR = DEMO_ACCOUNTS["auditor"].person
COMPLETE = RequestForm(
    kind=RequestKind.NEW,
    title="Tracer les boîtes",
    description="Nous suivons les compositions de boîtes sur des fiches.",
    domain="sterilisation",
    data=DataClass.NONE,
    care_stops=False,
)
QUESTION = Question(
    question_id=uuid4(),
    check=CheckKind.SKILLS,
    text="Qui administre ?",
    asked_at=NOW,
    asked_by_title="Support",
    expected_by=date(2026, 11, 30),
)


def create(state: State, form: RequestForm = COMPLETE, *, send: bool = True, digest: bytes = b"1") -> Outcome[State]:
    command = CreateRequest(**form.model_dump(), submit=send)
    return decide_creation(state, AUTHOR, command, Given(uuid4(), "D-2026-000001", digest), NOW)


def withdraw(state: State, person: Person, reason: str) -> Outcome[State]:
    return decide_withdrawal(state, person, WithdrawRequest(reason=reason), NOW)


def answer(state: State, person: Person, question_id: UUID, text: str) -> Outcome[State]:
    return decide_answer(state, person, AnswerQuestion(question_id=question_id, answer=text), NOW)


def of(outcome: Outcome[State]) -> Request:
    assert outcome.state is not None
    return outcome.state


def draft(form: RequestForm = COMPLETE) -> Request:
    return of(create(None, form, send=False))


def sent(follow_up: FollowUp | None = None) -> Request:
    request = of(create(None))
    if follow_up is None:
        return request
    return Request(**{**{name: getattr(request, name) for name in Request.__struct_fields__}, "follow_up": follow_up})


def decided(verdict: Verdict) -> FollowUp:
    return FollowUp(submitted_at=NOW, decision=Decision(verdict=verdict, decided_at=NOW))


def test_a_request_sent_at_once_tells_the_review_with_the_whole_need() -> None:
    outcome = create(None)
    (event,) = outcome.events
    assert isinstance(event, RequestSubmittedV2)
    assert event.need.title == "Tracer les boîtes"
    labels = (event.need.kind_label, event.need.data_label, event.need.urgency_label)
    assert labels == ("Nouveau logiciel", "Aucune donnée personnelle", "Normale")
    assert event.need.department == AUTHOR.department
    assert event.need.establishment == AUTHOR.establishment
    assert RequestSubmittedV2.model_validate_json(event.model_dump_json()) == event
    assert [decision.action for decision in outcome.trail] == ["submit_request"]


def test_what_the_ght_runs_travels_with_the_need() -> None:
    software = EquippedSoftware(entry_id=uuid4(), product="P", domain="sterilisation", establishments=("420784878",))
    outcome = submit(draft(), AUTHOR, (software,), NOW)
    (event,) = outcome.events
    assert isinstance(event, RequestSubmittedV2)
    assert event.need.equipped == (software,)


def test_a_draft_tells_nobody() -> None:
    outcome = create(None, RequestForm(), send=False)
    assert outcome.events == ()
    assert of(outcome).stage is Stage.DRAFT


def test_the_same_content_again_is_answered_as_the_first_time() -> None:
    first = create(None)
    again = create(first.state)
    assert again.result.reference == first.result.reference
    assert again.events == ()
    assert again.state is first.state


def test_another_content_under_the_same_key_is_refused() -> None:
    with pytest.raises(KeyUsedForAnother):
        create(draft(), digest=b"2")


def test_an_incomplete_request_is_not_sent_and_says_what_it_lacks() -> None:
    form = RequestForm(kind=RequestKind.RENEWAL, urgency=Urgency.HIGH, care_stops=True)
    with pytest.raises(RequestIncomplete) as refused:
        submit(draft(form), AUTHOR, (), NOW)
    assert [error.field for error in refused.value.errors] == [
        "title", "description", "domain", "current_supplier", "contract_ends_on", "data", "max_downtime_hours",
        "urgency_reason",
    ]  # fmt: skip


def test_a_replacement_says_what_it_replaces() -> None:
    form = COMPLETE.model_copy(update={"kind": RequestKind.REPLACEMENT})
    with pytest.raises(RequestIncomplete) as refused:
        submit(draft(form), AUTHOR, (), NOW)
    assert [error.field for error in refused.value.errors] == ["replaces"]


def test_sending_twice_sends_once() -> None:
    first = submit(draft(), AUTHOR, (), NOW)
    assert submit(first.state, AUTHOR, (), NOW).events == ()


def test_a_referent_of_the_establishment_edits_a_draft_and_does_not_send_it() -> None:
    edited = of(edit(draft(), REFERENT, COMPLETE.model_copy(update={"title": "Autre"}), NOW))
    assert edited.form.title == "Autre"
    with pytest.raises(NotTheAuthor):
        submit(edited, REFERENT, (), NOW)


def test_a_stranger_sees_nothing_at_all() -> None:
    acts: tuple[Callable[[], object], ...] = (
        lambda: edit(draft(), STRANGER, COMPLETE, NOW),
        lambda: submit(draft(), STRANGER, (), NOW),
        lambda: withdraw(sent(), STRANGER, "raison"),
        lambda: answer(sent(), STRANGER, uuid4(), "x"),
    )
    for act in acts:
        with pytest.raises(NotFound):
            act()


def test_an_auditor_changes_nothing() -> None:
    with pytest.raises(NotTheAuthor):
        withdraw(sent(), AUDITOR, "raison")


def test_a_sent_request_is_no_longer_edited() -> None:
    with pytest.raises(AlreadySubmitted):
        edit(sent(), AUTHOR, COMPLETE, NOW)


def test_saving_the_same_draft_changes_nothing() -> None:
    request = draft()
    assert edit(request, AUTHOR, COMPLETE.model_copy(), NOW + timedelta(hours=1)).state is request


def test_withdrawing_a_sent_request_is_told_and_kept_in_the_trail() -> None:
    outcome = withdraw(sent(), AUTHOR, "Le besoin a disparu.")
    (event,) = outcome.events
    assert isinstance(event, RequestWithdrawnV1)
    assert outcome.trail[0].reason == "Le besoin a disparu."
    assert withdraw(outcome.state, AUTHOR, "Le besoin a disparu.").events == ()


def test_a_withdrawn_draft_is_nobodys_news() -> None:
    outcome = withdraw(draft(), AUTHOR, "Erreur")
    assert outcome.events == ()
    assert of(outcome).stage is Stage.WITHDRAWN
    with pytest.raises(AlreadyWithdrawn):
        submit(outcome.state, AUTHOR, (), NOW)


def test_a_decided_case_is_not_withdrawn() -> None:
    with pytest.raises(TooLateToWithdraw):
        withdraw(sent(decided(Verdict.UNFAVOURABLE)), AUTHOR, "raison")


def test_an_answer_is_told_once_and_may_not_change() -> None:
    asked = sent(FollowUp(submitted_at=NOW, opened_at=NOW, questions=(QUESTION,)))
    assert asked.stage is Stage.ANSWER_AWAITED
    first = answer(asked, AUTHOR, QUESTION.question_id, "Le support.")
    (event,) = first.events
    assert isinstance(event, QuestionAnsweredV1)
    assert event.check == CheckKind.SKILLS
    assert event.check_label == "Compétences"
    assert of(first).stage is Stage.IN_REVIEW
    assert answer(first.state, AUTHOR, QUESTION.question_id, "Le support.").events == ()
    with pytest.raises(AlreadyAnswered):
        answer(first.state, AUTHOR, QUESTION.question_id, "Personne.")


def test_an_answer_after_the_verdict_comes_too_late() -> None:
    over = FollowUp(submitted_at=NOW, questions=(QUESTION,), decision=decided(Verdict.FAVOURABLE).decision)
    with pytest.raises(ReviewOver):
        answer(sent(over), AUTHOR, QUESTION.question_id, "Le support.")
