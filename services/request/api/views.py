"""How a request looks to one person: the follow-up as the API and the page show it."""

from datetime import datetime

from services.request.api.shapes import (
    CaseView,
    CensusView,
    CheckView,
    DutyView,
    QuestionView,
    RouteView,
    TriedView,
    VerdictView,
    WaitingView,
)
from services.request.model.follow_up import Decision, FollowUp, RouteStep, Stage, open_questions
from services.request.model.request import may_edit
from services.request.model.waiting import overdue, waiting_for
from services.request.store.reads import CaseFile
from services.request.words import STAGES, check_words, route_words, sentence
from shared.contracts.vocabulary import LABELS
from shared.identity.person import Person


def case_view(case: CaseFile, person: Person, now: datetime) -> CaseView:
    """The request as this person sees it."""
    follow_up = case.follow_up
    late = overdue(follow_up, now)
    return CaseView(
        case_id=case.case_id,
        reference=case.reference,
        status=case.stage,
        status_label=STAGES[case.stage],
        in_plain_words=sentence(follow_up, case.stage, mine=case.author == person.id),
        author_title=case.author_title,
        establishment=case.establishment,
        department=case.form.department or case.own_department,
        created_at=case.created_at,
        updated_at=case.updated_at,
        submitted_at=follow_up.submitted_at,
        form=case.form,
        attachments=list(case.files),
        equipped=list(case.equipped),
        waiting_for=[
            WaitingView(what=w.sentence, due_at=w.due_at, told=w.told, late=w in late) for w in waiting_for(follow_up)
        ],
        checks=_checks(follow_up),
        questions=_questions(follow_up),
        decision=_decision(follow_up.decision),
        proposed_route=_route(follow_up.proposed),
        route=_route(follow_up.decided),
        census=_census(follow_up),
        withdrawn_at=follow_up.withdrawn_at,
        withdrawal_reason=follow_up.withdrawal_reason,
        may=allowed(case, person),
    )


def allowed(case: CaseFile, person: Person) -> list[str]:
    """What this person may do with the request now."""
    author = case.author == person.id
    acts = []
    if case.stage is Stage.DRAFT and may_edit(person, case.author, case.establishment):
        acts.append("edit")
    if author and case.stage is Stage.DRAFT:
        acts.append("submit")
    if author and open_questions(case.follow_up):
        acts.append("answer")
    if author and case.stage not in (Stage.REFUSED, Stage.ROUTED, Stage.WITHDRAWN):
        acts.append("withdraw")
    return acts


def _checks(follow_up: FollowUp) -> list[CheckView]:
    asked = {question.check for question in open_questions(follow_up)}
    return [
        CheckView(
            kind=check.kind,
            label=LABELS[check.kind],
            state=check_words(check, check.kind in asked)[0],
            due_on=check.due_on,
            clock_stopped=check.kind in asked,
            late=check.late and check.opinion is None,
            reviewer_title=check.reviewer_title,
            opinion=check.opinion,
            conditions=check.conditions,
            given_at=check.given_at,
        )
        for check in follow_up.checks
    ]


def _questions(follow_up: FollowUp) -> list[QuestionView]:
    waiting = open_questions(follow_up)
    return [
        QuestionView(
            question_id=q.question_id,
            check=q.check,
            question=q.text,
            asked_at=q.asked_at,
            asked_by_title=q.asked_by_title,
            expected_by=q.expected_by,
            open=q in waiting,
            answer=q.answer,
            answered_at=q.answered_at,
        )
        for q in follow_up.questions
    ]


def _decision(decision: Decision | None) -> VerdictView | None:
    if decision is None:
        return None
    return VerdictView(
        verdict=decision.verdict,
        label=LABELS[decision.verdict],
        decided_at=decision.decided_at,
        conditions=[DutyView(check=d.check, text=d.text) for d in decision.conditions],
        comments=[DutyView(check=d.check, text=d.text) for d in decision.comments],
        computed=decision.computed,
        overruling_reason=decision.overruling_reason,
        coordinator_title=decision.coordinator_title,
    )


def _route(step: RouteStep | None) -> RouteView | None:
    if step is None:
        return None
    return RouteView(
        route=step.route,
        label=route_words(step),
        at=step.at,
        in_plain_words=step.in_plain_words,
        rule=step.rule,
        table_version=step.table_version,
        procedure=step.procedure,
        tried=[TriedView(rule=t.rule, title=t.title, matched=t.matched, reasons=list(t.reasons)) for t in step.tried],
        overridden=step.overridden,
        reason=step.reason,
        decided_by_title=step.decided_by_title,
    )


def _census(follow_up: FollowUp) -> CensusView | None:
    asked = follow_up.census
    if asked is None:
        return None
    return CensusView(
        opened_at=asked.opened_at,
        deadline=asked.deadline,
        members=asked.members,
        joined=asked.joined,
        closed_at=asked.closed_at,
        in_plain_words=asked.in_plain_words,
    )
