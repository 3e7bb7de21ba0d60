"""What the review and the purchase say changes in the follow-up of a request. The routing stands at the foot."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from services.request.model.follow_up import Census, Check, Decision, Duty, FollowUp, Question, RouteStep, Tried
from services.request.model.refusals import UnknownCase
from services.request.model.request import State
from shared.casework.outcome import Outcome
from shared.contracts.event import CaseEvent
from shared.contracts.events.purchases import (
    CensusClosedV1,
    CensusOpenedV1,
    PurchaseLateV1,
    RouteDecidedV1,
    RouteExplanation,
    RouteProposedV1,
)
from shared.contracts.events.reviews import (
    CheckTakenV1,
    OpinionGivenV1,
    QuestionAskedV1,
    ReviewDecidedV1,
    ReviewLateV1,
    ReviewOpenedV1,
)
from shared.contracts.vocabulary import CensusAnswer


def review_opened(now: FollowUp, event: ReviewOpenedV1) -> FollowUp:
    """The checks are planned; what arrived before about a check is kept."""
    known = {check.kind: check for check in now.checks}
    planned = tuple(
        known.get(c.kind) or Check(kind=c.kind, kind_told=c.kind_label, due_on=c.due_on) for c in event.checks
    )
    return replace(now, opened_at=event.opened_at, checks=planned)


def check_taken(now: FollowUp, event: CheckTakenV1) -> FollowUp:
    """A reviewer took a check, or gave it back."""
    title = event.reviewer_title if event.reviewer is not None else ""
    # A new date is not late yet.
    late = any(check.kind == event.check and check.late and check.due_on == event.due_on for check in now.checks)
    return _with_check(now, event.check, reviewer_title=title, due_on=event.due_on, late=late)


def question_asked(now: FollowUp, event: QuestionAskedV1) -> FollowUp:
    """The requester is asked; the check stands still."""
    question = Question(
        question_id=event.question_id,
        check=event.check,
        check_told=event.check_label,
        text=event.question,
        asked_at=event.asked_at,
        asked_by_title=event.asked_by_title,
        expected_by=event.answer_expected_by,
    )
    # Whoever was late before, it is the answer that is awaited now.
    asked = replace(now, questions=(*now.questions, question))
    return _with_check(asked, event.check, reviewer_title=event.asked_by_title, late=False)


def opinion_given(now: FollowUp, event: OpinionGivenV1) -> FollowUp:
    """A check is closed."""
    return _with_check(
        now,
        event.check,
        opinion=event.opinion,
        opinion_told=event.opinion_label,
        conditions=event.conditions,
        given_at=event.given_at,
        reviewer_title=event.reviewer_title,
        late=False,
    )


def review_decided(now: FollowUp, event: ReviewDecidedV1) -> FollowUp:
    """The verdict, its conditions and what the reviewers wrote."""
    overruling = event.overruling
    decision = Decision(
        verdict=event.verdict,
        verdict_told=event.verdict_label,
        decided_at=event.decided_at,
        conditions=tuple(Duty(c.check, c.text, c.check_label) for c in event.conditions),
        comments=tuple(Duty(o.check, o.comment, o.check_label) for o in event.opinions if o.comment),
        computed=overruling.computed if overruling else None,
        computed_told=overruling.computed_label if overruling else "",
        overruling_reason=overruling.reason if overruling else "",
        coordinator_title=overruling.coordinator_title if overruling else "",
    )
    return replace(now, decision=decision)


def review_late(now: FollowUp, event: ReviewLateV1) -> FollowUp:
    """The author sees that a check is late before asking."""
    return _with_check(now, event.check, late=True)


def route_proposed(now: FollowUp, event: RouteProposedV1) -> FollowUp:
    """The decision table proposed a route. A census that was stopped before belongs to the past."""
    step = RouteStep(
        route=event.route,
        route_told=event.route_label,
        at=event.proposed_at,
        in_plain_words=event.in_plain_words,
        **_explained(event.explanation),
    )
    asked = now.census if now.census and now.census.closed_at is None else None
    return replace(now, proposed=step, census=asked)


def route_decided(now: FollowUp, event: RouteDecidedV1) -> FollowUp:
    """The route is decided, or changed by the end of a census."""
    step = RouteStep(
        route=event.route,
        route_told=event.route_label,
        at=event.decided_at,
        in_plain_words=event.in_plain_words,
        overridden=event.overridden,
        reason=event.reason,
        decided_by_title=event.decided_by_title,
        **_explained(event.explanation),
    )
    return replace(now, decided=step, purchase_late=False)


def census_opened(now: FollowUp, event: CensusOpenedV1) -> FollowUp:
    """The members of the GHT are asked."""
    census = Census(
        opened_at=event.opened_at,
        deadline=event.deadline,
        members=len(event.members),
        in_plain_words=event.in_plain_words,
    )
    return replace(now, census=census, purchase_late=False)


def census_closed(now: FollowUp, event: CensusClosedV1) -> FollowUp:
    """All members answered, or time ran out."""
    opened = now.census or Census(opened_at=event.closed_at, members=len(event.answers))
    joined = sum(1 for answer in event.answers if answer.answer == CensusAnswer.JOINING)
    closed = replace(opened, closed_at=event.closed_at, joined=joined, in_plain_words=event.in_plain_words)
    return replace(now, census=closed)


def purchase_late(now: FollowUp, _: PurchaseLateV1) -> FollowUp:
    """The buyer is late; the author sees it."""
    return replace(now, purchase_late=True)


def _with_check(now: FollowUp, kind: str, **changes: Any) -> FollowUp:
    if not any(check.kind == kind for check in now.checks):
        return now
    return replace(now, checks=tuple(replace(c, **changes) if c.kind == kind else c for c in now.checks))


def _explained(explanation: RouteExplanation) -> dict[str, Any]:
    return {
        "rule": explanation.rule,
        "table_version": explanation.table_version,
        "procedure": explanation.procedure or "",
        "tried": tuple(
            Tried(rule=t.rule, title=t.title, matched=t.matched, reasons=t.reasons) for t in explanation.tried
        ),
    }


def _recording(record: Callable[[FollowUp, Any], FollowUp]) -> Callable[[State, CaseEvent, datetime], Outcome[State]]:
    """The decision that keeps what an event says; a withdrawn request keeps it too, and stays withdrawn."""

    def decide(state: State, event: CaseEvent, now: datetime) -> Outcome[State]:
        if state is None:
            raise UnknownCase(case_id=str(event.case_id))
        return Outcome(replace(state, follow_up=record(state.follow_up, event), updated_at=now))

    return decide


CASEWORK: Mapping[type[Any], Callable[[State, Any, datetime], Outcome[State]]] = {
    ReviewOpenedV1: _recording(review_opened),
    CheckTakenV1: _recording(check_taken),
    QuestionAskedV1: _recording(question_asked),
    OpinionGivenV1: _recording(opinion_given),
    ReviewDecidedV1: _recording(review_decided),
    ReviewLateV1: _recording(review_late),
    RouteProposedV1: _recording(route_proposed),
    RouteDecidedV1: _recording(route_decided),
    CensusOpenedV1: _recording(census_opened),
    CensusClosedV1: _recording(census_closed),
    PurchaseLateV1: _recording(purchase_late),
}
