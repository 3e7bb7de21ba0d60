"""Asking the members of the GHT: who is asked, what they answer, what their answers come to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from services.purchasing.actions.open_purchase import SYSTEM
from services.purchasing.model.events import census_closed, census_opened, route_decided, route_proposed
from services.purchasing.model.members import support
from services.purchasing.model.purchase import (
    Census,
    Proposal,
    Purchase,
    PurchaseFile,
    Reply,
    RouteDecision,
    State,
)
from services.purchasing.model.routing.limits import RouteNotAllowed, check_limits
from services.purchasing.model.routing.propose import (
    CENTRAL,
    WORKING_DAYS_TO_DECIDE,
    due,
    explain_outcome,
    explain_taken,
    known_need,
    proposed,
)
from services.purchasing.words import decided_words
from shared.basics.calendar import local
from shared.basics.errors import Forbidden, NotFound, Refusal
from shared.casework.decide import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.case import CaseEvent
from shared.contracts.vocabulary import Route

WORKING_DAYS_TO_ANSWER: Final = 15
CHOSEN_BEFORE: Final = "La voie a été choisie à l’ouverture du recensement ; ses réponses décident de la suite."


class CensusClosed(Refusal):
    """Answers come until it closes."""

    slug = "census-closed"
    public = "Ce recensement est clos : votre réponse ne peut plus être enregistrée. Écrivez à l’acheteur du GHT."


class NotInvited(Forbidden):
    """A member answers for its own establishment, and only where it is asked."""

    slug = "not-invited"
    public = "Vous répondez pour votre établissement seulement, et il n’est pas interrogé pour ce dossier."


def open_census(file: PurchaseFile, purchase: Purchase, census: Census, trail: TrailEntry) -> Outcome[PurchaseFile]:
    """Ask them: there is somebody to ask, `decide_route` has seen to it."""
    asked = replace(
        purchase,
        state=State.CENSUS,
        deadline_at=census.deadline,
        late_since=None,
        work=replace(purchase.work, census=census),
    )
    return Outcome(replace(file, purchase=asked), (census_opened(asked, census),), (trail,), asked)


def answer(file: PurchaseFile, reply: Reply, now: datetime) -> Outcome[PurchaseFile]:
    """One member answers, or changes its answer; the last one to answer closes the census."""
    purchase = file.purchase
    census = purchase.work.census if purchase else None
    if purchase is None or census is None:
        raise NotFound
    if reply.establishment not in census.members:
        raise NotInvited
    before = next((r for r in census.replies if r.establishment == reply.establishment), None)
    if before is not None and _same(before, reply):
        return Outcome(file, result=purchase)
    if purchase.state is not State.CENSUS or now >= census.deadline:
        raise CensusClosed
    replies = (*(r for r in census.replies if r is not before), reply)
    answered = replace(census, replies=replies)
    after = replace(file, purchase=replace(purchase, work=replace(purchase.work, census=answered)))
    detail = {"establishment": reply.establishment, "answer": reply.answer, "changed": before is not None}
    trail = TrailEntry("census_answered", reply.by, reply.by_title, reply.comment, detail)
    if answered.silent:
        return Outcome(after, (), (trail,), after.purchase)
    closed = close_census(after, now)
    return Outcome(closed.state, closed.events, (trail, *closed.trail), closed.state.purchase)


def close_census(file: PurchaseFile, now: datetime) -> Outcome[PurchaseFile]:
    """All have answered, or the deadline passed: silence is not joining, and the route follows from the answers."""
    purchase = file.purchase
    census = purchase.work.census if purchase else None
    if purchase is None or census is None or purchase.state is not State.CENSUS:
        return Outcome(file)
    joined = census.joined
    closed = replace(purchase, work=replace(purchase.work, census=replace(census, closed_at=now)))
    route = _route(census, joined)
    detail = {"route": route, "joined": joined, "silent": census.silent}
    trail = TrailEntry("census_closed", SYSTEM, "Clôture du recensement", "", detail)
    told = census_closed(closed, census, now)
    if route in CENTRAL and not _still_usable(file, closed, census, now):
        return _propose_instead(file, closed, told, trail, now)
    explanation = explain_outcome(purchase, file.market, now, "joined" if joined else "nobody")
    other = instead_of(purchase.work.proposal, route, census.agreement_id)
    decision = RouteDecision(
        at=now,
        route=route,
        proposed=explanation.route,
        # Where the table now says otherwise, it is the choice to ask them that stands: its reason is kept.
        reason="" if explanation.route is route and other is None else census.reason or CHOSEN_BEFORE,
        by=SYSTEM,
        by_title=f"Table de décision {explanation.table_version}",
        explanation=explain_taken(explanation, route, purchase, file.market, now),
        amount_cents=purchase.own_amount_cents,
        agreement_id=census.agreement_id,
        in_plain_words=decided_words(route, joined),
        joined=joined,
        run_by=support(known_need(purchase).establishment, local(now).date()),
        instead_of=other,
    )
    after = replace(
        closed,
        state=State.DECIDED,
        deadline_at=None,
        late_since=None,
        work=replace(closed.work, decision=decision),
    )
    figures = {"route": route, "rule": explanation.rule_id, "table_version": explanation.table_version}
    ruled = TrailEntry("route_decided", SYSTEM, decision.by_title, decision.reason, figures)
    return Outcome(replace(file, purchase=after), (told, route_decided(after, decision)), (trail, ruled), after)


def instead_of(proposal: Proposal | None, route: Route, agreement_id: UUID | None) -> UUID | None:
    """The agreement that was proposed for the same route, where another one is taken."""
    if proposal is None or proposal.route is not route or proposal.agreement_id == agreement_id:
        return None
    return proposal.agreement_id


def _propose_instead(
    file: PurchaseFile, closed: Purchase, told: CaseEvent, trail: TrailEntry, now: datetime
) -> Outcome[PurchaseFile]:
    """The agreement filled up or ended while the members answered: the buyer chooses again."""
    waiting = replace(closed, state=State.TO_CONFIRM, deadline_at=due(now, WORKING_DAYS_TO_DECIDE), late_since=None)
    routed = proposed(waiting, file.market, now)
    proposal = routed.work.proposal
    again = () if proposal is None else (route_proposed(routed, proposal),)
    return Outcome(replace(file, purchase=routed), (told, *again), (trail,), routed)


def _still_usable(file: PurchaseFile, purchase: Purchase, census: Census, now: datetime) -> bool:
    try:
        check_limits(file, purchase, census.route, census.agreement_id, now)
    except RouteNotAllowed:
        return False
    return True


def _route(census: Census, joined: Sequence[str]) -> Route:
    if census.route is not Route.GHT_CENSUS:
        return census.route
    return Route.SHARED_TENDER if joined else Route.OWN_TENDER


def _same(before: Reply, after: Reply) -> bool:
    return replace(before, at=after.at, by=after.by, by_title=after.by_title) == after
