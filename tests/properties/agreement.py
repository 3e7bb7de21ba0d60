"""Once everything is delivered, the requester sees what the review and purchasing say, whatever came first."""

from itertools import chain
from uuid import UUID

from msgspec.structs import replace

from services.purchasing.model.purchase import Purchase, State
from services.request.actions.on_events import CASEWORK
from services.request.model.follow_up import FollowUp, Stage, open_questions
from services.request.model.request import Request
from services.review.model.review import Review
from shared.contracts.event import CaseEvent
from tests.properties.world import World


def follow_up_agrees(world: World, case_id: UUID) -> None:
    """The follow-up of a case at rest."""
    request = world.state("request", case_id)
    review = world.state("review", case_id)
    purchase = world.state("purchasing", case_id).purchase
    if request.follow_up.submitted_at is None:
        assert review is None
        assert purchase is None
        return
    assert review is not None
    _as_the_review_says(request.follow_up, review)
    if purchase is not None:
        _as_purchasing_says(request.follow_up, purchase)
    assert request.stage is _stage(request, review, purchase)
    _order_between_topics_is_nothing(world, request)


def _stage(request: Request, review: Review, purchase: Purchase | None) -> Stage:
    """Where the request stands, from what the three services decided."""
    if request.follow_up.withdrawn_at is not None:
        return Stage.WITHDRAWN
    if purchase is not None:
        return {
            State.TO_QUALIFY: Stage.ROUTE_PROPOSED,
            State.TO_CONFIRM: Stage.ROUTE_PROPOSED,
            State.CENSUS: Stage.CENSUS,
            State.DECIDED: Stage.ROUTED,
            State.CLOSED: Stage.REFUSED,
        }[purchase.state]
    assert review.status == "open"
    asked = any(check.open_question for check in review.checks)
    return Stage.ANSWER_AWAITED if asked else Stage.IN_REVIEW


def _as_the_review_says(follow_up: FollowUp, review: Review) -> None:
    assert follow_up.opened_at == review.opened_at
    seen = {check.kind: check for check in follow_up.checks}
    assert list(seen) == [check.kind for check in review.checks]
    for check in review.checks:
        shown = seen[check.kind]
        given = check.given
        assert shown.opinion == (given.opinion if given else None)
        assert shown.given_at == (given.given_at if given else None)
        assert shown.conditions == (len(given.conditions) if given else 0)
        assert shown.reviewer_title == (given.reviewer_title if given else check.holder_title)
        assert shown.due_on == check.due_on
        assert check.closed or shown.late == (check.told_on == check.awaited_on)
    asked = {q.question_id: q for check in review.checks for q in check.questions}
    assert {q.question_id for q in follow_up.questions} == set(asked)
    for question in follow_up.questions:
        assert question.answer == asked[question.question_id].answer
        assert question.answered_at == asked[question.question_id].answered_at
    if review.status == "open":
        waiting = {check.open_question.question_id for check in review.checks if check.open_question}
        assert {q.question_id for q in open_questions(follow_up)} == waiting
    assert (follow_up.decision.verdict if follow_up.decision else None) == review.verdict
    assert (follow_up.decision.decided_at if follow_up.decision else None) == review.decided_at


def _as_purchasing_says(follow_up: FollowUp, purchase: Purchase) -> None:
    work = purchase.work
    asking = follow_up.census is not None and follow_up.census.closed_at is None
    assert asking == (purchase.state is State.CENSUS)
    if purchase.state is State.DECIDED:
        assert work.decision is not None
        assert follow_up.decided is not None
        assert (follow_up.decided.route, follow_up.decided.at) == (work.decision.route, work.decision.at)
        assert not follow_up.purchase_late
    if purchase.state in (State.TO_QUALIFY, State.TO_CONFIRM):
        assert work.proposal is not None
        assert follow_up.proposed is not None
        assert follow_up.proposed.route == work.proposal.route
        assert follow_up.decided is None
    if purchase.state in (State.TO_QUALIFY, State.TO_CONFIRM, State.CENSUS):
        assert follow_up.purchase_late or purchase.late_since is None


def _order_between_topics_is_nothing(world: World, request: Request) -> None:
    """Reviews first, or purchases first: what others said comes to the same."""
    reviews, purchases = (world.bus.history(topic, request.case_id) for topic in ("case.reviews", "case.purchases"))
    said = _without_own(request.follow_up)
    for events in (chain(reviews, purchases), chain(purchases, reviews)):
        fresh = replace(request, follow_up=FollowUp())
        for event in events:
            fresh = _told(world, fresh, event)
        assert _without_own(fresh.follow_up) == said


def _told(world: World, request: Request, event: CaseEvent) -> Request:
    state = CASEWORK[type(event)](request, event, world.now).state
    assert state is not None
    return state


def _without_own(follow_up: FollowUp) -> FollowUp:
    questions = tuple(replace(q, answer="", answered_at=None) for q in follow_up.questions)
    return replace(follow_up, questions=questions, told=(), submitted_at=None, withdrawn_at=None, withdrawal_reason="")
