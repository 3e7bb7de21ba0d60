"""The buyer confirms the proposed route, or takes another one with a written reason; the law's own limits stay."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.purchasing.actions.open_purchase import SYSTEM
from services.purchasing.model.buyers import ensure_buyer, purchase_for, still_open
from services.purchasing.model.census import WORKING_DAYS_TO_ANSWER, instead_of, open_census
from services.purchasing.model.events import route_decided, route_proposed
from services.purchasing.model.members import buying_with, support
from services.purchasing.model.purchase import Census, Proposal, Purchase, PurchaseFile, RouteDecision, State
from services.purchasing.model.routing.limits import RouteNotAllowed, check_limits
from services.purchasing.model.routing.propose import CENTRAL, due, explain_taken, propose, proposed
from services.purchasing.model.texts import Command, Text
from services.purchasing.words import decided_words
from shared.basics.calendar import local
from shared.basics.errors import FieldError, Invalid, Refusal
from shared.basics.french import typo
from shared.casework.decide import Outcome, Work
from shared.casework.trail import TrailEntry
from shared.contracts.vocabulary import Route
from shared.identity.person import Person
from shared.program.running import Running

REASON_FROM: Final = 20
LONGEST_CENSUS_DAYS: Final = 366


class NotQualified(Refusal):
    """Facts are missing and nobody entered them."""

    slug = "purchase-not-qualified"
    public = "Qualifiez d’abord l’achat : des informations manquent, et la voie pourrait changer."


class ProposalMoved(Refusal):
    """What the GHT knows changed since the proposal was made."""

    slug = "proposal-moved"
    public = (
        "La table propose maintenant une autre voie, ou un autre accord-cadre."
        " Revenez au dossier pour voir pourquoi, puis décidez."
    )


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
    """The purchase with its decision, or with its census opened, once it is on disk."""
    ensure_buyer(person)
    try:
        work = Work(case_id, person.scope, lambda file: decide(file, person, command, now), now)
        purchase: Purchase = await running.desk.run(work)
    except ProposalMoved:
        # The buyer must find the new proposal when the page is loaded again.
        await running.desk.run(Work(case_id, person.scope, lambda file: propose_again(file, person, now), now))
        raise
    return purchase


def decide(file: PurchaseFile, person: Person, command: DecideRoute, now: datetime) -> Outcome[PurchaseFile]:
    """Confirm or override. The same decision by the same person a second time answers as the first did."""
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
    if purchase.state is State.TO_QUALIFY and command.route not in (Route.REUSE, Route.NO_PURCHASE):
        raise NotQualified
    if overridden and len(command.reason) < REASON_FROM:
        other = "un autre accord-cadre" if command.route is proposal.route else "une autre voie"
        message = f"Dites pourquoi en {REASON_FROM} caractères au moins : la table propose {other}."
        raise Invalid(errors=(FieldError("reason", message),))
    check_limits(file, purchase, command.route, agreement_id, now)
    purchase = replace(purchase, work=replace(purchase.work, proposal=proposal))
    action = "route_overridden" if overridden else "route_confirmed"
    detail = {
        "route": command.route,
        "proposed": proposal.route,
        "rule": proposal.explanation.rule_id,
        "table_version": proposal.explanation.table_version,
        "amount_cents": purchase.own_amount_cents,
        "agreement_id": agreement_id,
        "proposed_agreement_id": proposal.agreement_id,
    }
    trail = TrailEntry(action, person.id, person.title, command.reason, detail)
    if command.route is Route.GHT_CENSUS or _together(command):
        members = _asked(file, purchase, agreement_id, now)
        census = _census(purchase, members, person, command, agreement_id, now)
        return open_census(file, purchase, census, trail)
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
    after = replace(
        purchase,
        state=State.DECIDED,
        deadline_at=None,
        late_since=None,
        work=replace(purchase.work, decision=decision),
    )
    return Outcome(replace(file, purchase=after), (route_decided(after, decision),), (trail,), after)


def propose_again(file: PurchaseFile, person: Person, now: datetime) -> Outcome[PurchaseFile]:
    """Run the table on what is known now, where the route is still to be chosen."""
    purchase = still_open(purchase_for(file, person, now))
    routed = proposed(purchase, file.market, now)
    proposal = routed.work.proposal
    before = purchase.work.proposal
    if proposal is None or (before and _same(before, proposal)):
        return Outcome(file, result=purchase)
    detail = {"route": proposal.route, "rule": proposal.explanation.rule_id, "asked_by": person.id}
    trail = TrailEntry("route_proposed", SYSTEM, f"Table de décision {proposal.explanation.table_version}", "", detail)
    return Outcome(replace(file, purchase=routed), (route_proposed(routed, proposal),), (trail,), routed)


def _agreement_of(command: DecideRoute, proposal: Proposal | None) -> UUID | None:
    """The agreement that a command takes: the one it names, else the proposed one."""
    if command.route not in CENTRAL:
        return None
    return command.agreement_id or (proposal.agreement_id if proposal else None)


def _moved(command: DecideRoute, shown: Proposal | None, proposal: Proposal) -> bool:
    """Whether a command confirms what was shown, while the table says something else by now."""
    if command.shown_agreement_id not in (None, proposal.agreement_id):
        return True
    if shown is None or shown.route is not command.route or command.agreement_id not in (None, shown.agreement_id):
        return False
    return not _same(shown, proposal)


def _same(one: Proposal, other: Proposal) -> bool:
    return (one.route, one.agreement_id) == (other.route, other.agreement_id)


def _together(command: DecideRoute) -> bool:
    return command.ask_members and command.route is Route.CENTRAL_BODY_FURTHER_COMPETITION


def _already(purchase: Purchase, person: Person, command: DecideRoute) -> bool:
    decision, census = purchase.work.decision, purchase.work.census
    if purchase.state not in (State.CENSUS, State.DECIDED):
        return False
    given = (person.id, command.route, command.reason, _agreement_of(command, purchase.work.proposal))
    asked = census is not None and given == (
        *(census.opened_by, census.route),
        *(census.reason, census.agreement_id),
    )
    return asked or (
        decision is not None and given == (decision.by, decision.route, decision.reason, decision.agreement_id)
    )


def _asked(file: PurchaseFile, purchase: Purchase, agreement_id: UUID | None, now: datetime) -> tuple[str, ...]:
    """The members to ask; raises RouteNotAllowed where nobody could answer."""
    agreement = file.market.agreement(agreement_id) if agreement_id else None
    members = buying_with(purchase.establishment, agreement, local(now).date())
    if members:
        return members
    if agreement is not None:
        nobody = (
            f"Aucun autre membre du GHT ne peut commander à {agreement.name} : confirmez la voie sans les interroger."
        )
        raise RouteNotAllowed(typo(nobody))
    raise RouteNotAllowed(
        "Cet établissement n’a pas d’autre membre de GHT à interroger : choisissez un appel d’offres de l’établissement."
    )


def _census(
    purchase: Purchase,
    members: tuple[str, ...],
    person: Person,
    command: DecideRoute,
    agreement_id: UUID | None,
    now: datetime,
) -> Census:
    deadline = command.deadline or due(now, WORKING_DAYS_TO_ANSWER)
    if deadline <= now or (deadline - now).days > LONGEST_CENSUS_DAYS:
        raise Invalid(errors=(FieldError("deadline", "Choisissez une date à venir, d’ici un an."),))
    return Census(
        opened_at=now,
        deadline=deadline,
        members=members,
        route=command.route,
        proposed=purchase.route or command.route,
        reason=command.reason,
        opened_by=person.id,
        opened_by_title=person.title,
        message=command.message,
        agreement_id=agreement_id,
    )
