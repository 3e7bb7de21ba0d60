"""The buyer confirms the proposed route, or takes another one with a written reason; the law's own limits stay."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.purchasing.buyers import ensure_buyer, purchase_for, still_open
from services.purchasing.consultation import WORKING_DAYS_TO_ANSWER, open_consultation, others, support
from services.purchasing.events import route_decided, route_proposed
from services.purchasing.open_purchase import SYSTEM
from services.purchasing.plain_words import decided_words
from services.purchasing.purchase import Consultation, Proposal, Purchase, PurchaseFile, RouteDecision, State
from services.purchasing.route_limits import check_limits
from services.purchasing.routing import CENTRAL, due, explain_taken, propose, proposed
from services.purchasing.texts import Command, Text
from shared.casework import Outcome, Work
from shared.contracts.vocabulary import Route
from shared.errors import FieldError, Invalid, Refusal
from shared.identity.person import Person
from shared.service import Running
from shared.trail import Decision
from shared.web.french import local

REASON_FROM: Final = 20
LONGEST_CONSULTATION_DAYS: Final = 366


class NotQualified(Refusal):
    """Facts are missing and nobody entered them."""

    slug = "purchase-not-qualified"
    public = "Qualifiez d’abord l’achat : des informations manquent, et la voie pourrait changer."


class ProposalMoved(Refusal):
    """What the GHT knows changed since the proposal was made."""

    slug = "proposal-moved"
    public = "La table propose maintenant une autre voie. Revenez au dossier pour voir pourquoi, puis décidez."


class DecideRoute(Command):
    """The route to take: the proposed one is confirmed, another one needs a reason of 20 characters at least."""

    route: Route
    reason: Text = ""
    agreement_id: UUID | None = Field(default=None, description="For a central body's route that was not proposed")
    consult_ght: bool = Field(
        default=False, description="For a further competition: ask the members to run it together"
    )
    deadline: AwareDatetime | None = Field(
        default=None, description="When the consultation of the GHT closes; default 15 working days"
    )
    message: Text = Field(default="", description="What the members are told")


async def decide_route(
    running: Running[PurchaseFile], person: Person, case_id: UUID, command: DecideRoute, now: datetime
) -> Purchase:
    """The purchase with its decision, or with its consultation opened, once it is on disk."""
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
    overridden = command.route is not proposal.route
    shown = purchase.work.proposal
    if overridden and shown is not None and shown.route is command.route and not command.reason:
        raise ProposalMoved
    if purchase.state is State.TO_QUALIFY and command.route not in (Route.REUSE, Route.NO_PURCHASE):
        raise NotQualified
    if overridden and len(command.reason) < REASON_FROM:
        message = f"Dites pourquoi en {REASON_FROM} caractères au moins : la table propose une autre voie."
        raise Invalid(errors=(FieldError("reason", message),))
    agreement_id = command.agreement_id or proposal.agreement_id if command.route in CENTRAL else None
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
    }
    trail = Decision(action, person.id, person.title, command.reason, detail)
    if command.route is Route.GHT_CONSULTATION or _together(command):
        consultation = _consultation(purchase, proposal, person, command, agreement_id, now)
        return open_consultation(file, purchase, consultation, trail, now)
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
    if proposal is None or (purchase.work.proposal and purchase.work.proposal.route is proposal.route):
        return Outcome(file, result=purchase)
    detail = {"route": proposal.route, "rule": proposal.explanation.rule_id, "asked_by": person.id}
    trail = Decision("route_proposed", SYSTEM, f"Table de décision {proposal.explanation.table_version}", "", detail)
    return Outcome(replace(file, purchase=routed), (route_proposed(routed, proposal),), (trail,), routed)


def _together(command: DecideRoute) -> bool:
    return command.consult_ght and command.route is Route.CENTRAL_BODY_FURTHER_COMPETITION


def _already(purchase: Purchase, person: Person, command: DecideRoute) -> bool:
    decision, consultation = purchase.work.decision, purchase.work.consultation
    if purchase.state not in (State.CONSULTING, State.DECIDED):
        return False
    given = (person.id, command.route, command.reason)
    asked = consultation is not None and (consultation.opened_by, consultation.route, consultation.reason) == given
    return asked or (decision is not None and (decision.by, decision.route, decision.reason) == given)


def _consultation(
    purchase: Purchase,
    proposal: Proposal,
    person: Person,
    command: DecideRoute,
    agreement_id: UUID | None,
    now: datetime,
) -> Consultation:
    deadline = command.deadline or due(now, WORKING_DAYS_TO_ANSWER)
    if deadline <= now or (deadline - now).days > LONGEST_CONSULTATION_DAYS:
        raise Invalid(errors=(FieldError("deadline", "Choisissez une date à venir, d’ici un an."),))
    return Consultation(
        opened_at=now,
        deadline=deadline,
        members=others(purchase.establishment, local(now).date()),
        route=command.route,
        proposed=proposal.route,
        reason=command.reason,
        opened_by=person.id,
        opened_by_title=person.title,
        message=command.message,
        agreement_id=agreement_id,
    )
