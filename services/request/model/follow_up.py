"""What the other services said of a case, kept small: it is rewritten at each of their events.

Events of the review and of the purchase come by different topics, in any order between them: each one fills its own
place, and the stage is computed from all that is known.
"""

from datetime import datetime

from services.request.model.follow_up_parts import Award, Census, Check, Condition, Decision, Part, Question, RouteStep
from shared.contracts.vocabulary import Route
from shared.contracts.words import Words


class Stage(Words):
    """Where a request stands, as its author sees it."""

    DRAFT = "draft", "Brouillon"
    SUBMITTED = "submitted", "Envoyée", "info"
    IN_REVIEW = "in_review", "En instruction", "info"
    ANSWER_AWAITED = "answer_awaited", "Réponse attendue", "warn"
    APPROVED = "approved", "Avis favorable, voie d’achat à venir", "good"
    REFUSED = "refused", "Avis défavorable", "bad"
    ROUTE_PROPOSED = "route_proposed", "Voie d’achat proposée", "info"
    CENSUS = "census", "Recensement du GHT en cours", "info"
    ROUTED = "routed", "Voie d’achat décidée", "good"
    AWARDED = "awarded", "Marché attribué", "good"
    WITHDRAWN = "withdrawn", "Retirée"


DECIDED = (Stage.ROUTED, Stage.AWARDED, Stage.REFUSED)
"""Stages in which all is said: a request is no longer withdrawn."""
OPEN = frozenset(Stage) - {Stage.DRAFT, *DECIDED, Stage.WITHDRAWN}
"""Stages in which somebody works on the case."""


class FollowUp(Part, frozen=True):
    """All that happened to a request since it was a draft."""

    submitted_at: datetime | None = None
    opened_at: datetime | None = None
    checks: tuple[Check, ...] = ()
    questions: tuple[Question, ...] = ()
    decision: Decision | None = None
    conditions: tuple[Condition, ...] = ()
    proposed: RouteStep | None = None
    decided: RouteStep | None = None
    census: Census | None = None
    award: Award | None = None
    purchase_late: bool = False
    withdrawn_at: datetime | None = None
    withdrawal_reason: str = ""
    told: tuple[str, ...] = ()


def stage_of(follow_up: FollowUp) -> Stage:
    """Where a request stands: the most advanced fact that is known."""
    if follow_up.withdrawn_at is not None:
        return Stage.WITHDRAWN
    if follow_up.submitted_at is None:
        return Stage.DRAFT
    return _in_purchasing(follow_up) or _in_review(follow_up)


def _in_purchasing(follow_up: FollowUp) -> Stage | None:
    decided, census = follow_up.decided, follow_up.census
    if follow_up.award is not None:
        return Stage.AWARDED
    # A verdict that is overruled after the route was taken no longer changes it: purchasing says so as well.
    if decided is not None and decided.route != Route.GHT_CENSUS:
        return Stage.ROUTED
    if follow_up.decision is not None and follow_up.decision.refuses:
        return Stage.REFUSED
    if decided is not None or (census is not None and census.closed_at is None):
        return Stage.CENSUS
    return Stage.ROUTE_PROPOSED if follow_up.proposed is not None else None


def _in_review(follow_up: FollowUp) -> Stage:
    if follow_up.decision is not None:
        return Stage.APPROVED
    if open_questions(follow_up):
        return Stage.ANSWER_AWAITED
    return Stage.IN_REVIEW if follow_up.opened_at is not None else Stage.SUBMITTED


def open_questions(follow_up: FollowUp) -> tuple[Question, ...]:
    """The questions that wait for the requester: none of a check whose opinion is given, none once all is decided."""
    if follow_up.decision is not None or not follow_up.questions:
        return ()
    closed = {check.kind for check in follow_up.checks if check.opinion is not None}
    return tuple(
        question for question in follow_up.questions if question.answered_at is None and question.check not in closed
    )
