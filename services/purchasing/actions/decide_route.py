"""The buyer confirms the proposed route, or takes another one with a written reason; the law's own limits stay."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec.structs import replace
from pydantic import AwareDatetime, Field

from services.purchasing.actions.events import route_decided
from services.purchasing.actions.open_census import census_deadline, members_to_ask, open_census
from services.purchasing.actions.propose_route import instead_of, propose, propose_again, same_route
from services.purchasing.model.buyers import ensure_buyer, purchase_for, still_open
from services.purchasing.model.members import support
from services.purchasing.model.purchase import (
    Census,
    Proposal,
    Purchase,
    PurchaseFile,
    RouteDecision,
    State,
    with_decision,
)
from services.purchasing.model.refusals import NotQualified, ProposalMoved
from services.purchasing.model.routing.case_facts import explain_taken
from services.purchasing.model.routing.limits import check_limits
from services.purchasing.model.routing.routes import implied
from services.purchasing.model.texts import Command, Text
from services.purchasing.words import decided_words
from shared.basics.calendar import local
from shared.basics.errors import FieldError, Invalid
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.vocabulary import Route
from shared.identity.person import Person
from shared.program.running import Running

REASON_FROM: Final = 20


class DecideRoute(Command):
    """The route to take: what is proposed is confirmed, another route or agreement needs a reason of 20 characters."""

    route: Route
    reason: Text = ""
    agreement_id: UUID | None = Field(
        default=None, description="For a central body's route: another agreement than the proposed one, with a reason"
    )
    shown_agreement_id: UUID | None = Field(
        default=None, description="The agreement that was shown as proposed: 409 where another one is proposed now"
    )
    ask_members: bool = Field(
        default=False, description="For a further competition: ask the members to run it together"
    )
    deadline: AwareDatetime | None = Field(
        default=None, description="When the census of the GHT closes; default 15 working days"
    )
    message: Text = Field(default="", description="What the members are told")


async def decide_route(
    running: Running[PurchaseFile], person: Person, case_id: UUID, command: DecideRoute, now: datetime
) -> Purchase:
    """The purchase with its decision, or with its census opened; raises what `decide` raises."""
    ensure_buyer(person)
    try:
        purchase: Purchase = await running.decide(person, case_id, lambda file: decide(file, person, command, now), now)
    except ProposalMoved:
        # The buyer must find the new proposal when the page is loaded again.
        await running.decide(person, case_id, lambda file: propose_again(file, person, now), now)
        raise
    return purchase


def decide(file: PurchaseFile, person: Person, command: DecideRoute, now: datetime) -> Outcome[PurchaseFile]:
    """Confirm or override; the same decision by the same person a second time is answered as the first was.

    Raises ProposalMoved, NotQualified, RouteNotAllowed, Invalid, or what `purchase_for` and `still_open` raise.
    """
    purchase = purchase_for(file, person, now)
    if _already(purchase, person, command):
        return Outcome(file, result=purchase)
    still_open(purchase)
    # The market may have moved since the page was shown: what is confirmed is what the table says now.
    proposal = propose(purchase, file.market, now)
    agreement_id = _agreement_of(command, proposal)
    overridden = (command.route, agreement_id) != (proposal.route, proposal.agreement_id)
    if not command.reason and _moved(command, purchase.work.proposal, proposal):
        raise ProposalMoved
    if purchase.state is State.TO_QUALIFY and implied(command.route).buys:
        raise NotQualified
    if overridden and len(command.reason) < REASON_FROM:
        other = "un autre accord-cadre" if command.route == proposal.route else "une autre voie"
        message = f"Dites pourquoi en {REASON_FROM} caractères au moins : la table propose {other}."
        raise Invalid(errors=(FieldError("reason", message),))
    check_limits(file, purchase, command.route, agreement_id, now)
    purchase = replace(purchase, work=replace(purchase.work, proposal=proposal))
    detail = {
        "route": command.route,
        "proposed": proposal.route,
        "rule": proposal.explanation.rule_id,
        "table_version": proposal.explanation.table_version,
        "amount_cents": purchase.own_amount_cents,
        "agreement_id": agreement_id,
        "proposed_agreement_id": proposal.agreement_id,
    }
    action = "route_overridden" if overridden else "route_confirmed"
    entry = TrailEntry(action, person.id, person.title, command.reason, detail)
    if _asks_members(command):
        census = Census(
            opened_at=now,
            members=members_to_ask(file, purchase, agreement_id, now),
            deadline=census_deadline(command.deadline, now),
            route=command.route,
            proposed=proposal.route,
            reason=command.reason,
            opened_by=person.id,
            opened_by_title=person.title,
            message=command.message,
            agreement_id=agreement_id,
        )
        return open_census(file, purchase, census, entry)
    decision = RouteDecision(
        at=now,
        route=command.route,
        proposed=proposal.route,
        reason=command.reason,
        by=person.id,
        by_title=person.title,
        explanation=explain_taken(proposal.explanation, command.route, purchase, file.market, now),
        amount_cents=purchase.own_amount_cents,
        agreement_id=agreement_id,
        in_plain_words=decided_words(command.route),
        run_by=support(purchase.establishment, local(now).date()),
        instead_of=instead_of(proposal, command.route, agreement_id),
    )
    taken = with_decision(purchase, decision)
    return Outcome(replace(file, purchase=taken), (route_decided(taken, decision),), (entry,), taken)


def _agreement_of(command: DecideRoute, proposal: Proposal | None) -> UUID | None:
    """The agreement that a command takes: the one it names, else the proposed one."""
    if implied(command.route).agreement is None:
        return None
    return command.agreement_id or (proposal.agreement_id if proposal else None)


def _moved(command: DecideRoute, shown: Proposal | None, proposal: Proposal) -> bool:
    """Whether a command confirms what was shown, while the table says something else by now."""
    if command.shown_agreement_id not in (None, proposal.agreement_id):
        return True
    if shown is None or shown.route != command.route or command.agreement_id not in (None, shown.agreement_id):
        return False
    return not same_route(shown, proposal)


def _already(purchase: Purchase, person: Person, command: DecideRoute) -> bool:
    decision, census = purchase.work.decision, purchase.work.census
    if purchase.state not in (State.CENSUS, State.DECIDED):
        return False
    given = (person.id, command.route, command.reason, _agreement_of(command, purchase.work.proposal))
    asked = census and (census.opened_by, census.route, census.reason, census.agreement_id)
    decided = decision and (decision.by, decision.route, decision.reason, decision.agreement_id)
    return given in (asked, decided)


def _asks_members(command: DecideRoute) -> bool:
    row = implied(command.route)
    return row.asks_for is not None or (row.may_ask_members and command.ask_members)
