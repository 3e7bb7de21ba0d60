"""What must hold after each step, said without asking the rules themselves."""

from typing import Any
from uuid import UUID

import orjson

from services.purchasing.model.purchase import Purchase, PurchaseFile, State
from services.request.model.follow_up import Stage
from services.request.model.request import Request
from services.request.model.waiting import next_deadline, waiting_for
from services.review.model.check_kinds import works
from services.review.model.review import Review
from shared.contracts.events.purchases import RouteDecidedV1
from shared.contracts.vocabulary import CheckKind, Opinion, Verdict
from shared.identity.demo import SUPPORT
from shared.identity.person import Role
from tests.properties.world import Accepted, World

OF_A_CHECK = ("take", "items", "ask", "opinion")
OF_THE_BUYER = ("qualify", "decide", "look_again", "award")
NOT_THEIR_OWN = (*OF_A_CHECK, "overrule", *OF_THE_BUYER)
OF_THE_AUTHOR = ("submit", "withdraw", "answer")


def was_allowed(world: World, accepted: Accepted) -> None:
    """The command came from somebody who may give it about this case."""
    command, person = accepted.command, accepted.command.person
    name, request = command.name, world.state("request", command.case_id)
    assert isinstance(request, Request)
    if name in NOT_THEIR_OWN:
        assert person.id != request.author, f"{person.id} did {name} on their own request"
    if name in OF_THE_AUTHOR:
        assert person.id == request.author
    if name == "edit":
        helps = person.has(Role.BUSINESS_REFERENT) and person.establishment == request.establishment
        assert person.id == request.author or helps
    if name == "reply":
        assert person.has(Role.MEMBER_CONTACT)
        assert person.establishment != request.establishment
    else:
        assert person.may_see(request.establishment), f"{person.id} did {name} for another establishment"
    if name in OF_A_CHECK:
        assert works(person, command.about)
        assert command.about != CheckKind.SECURITY or person.has(Role.RSSI)
        assert command.about != CheckKind.PRIVACY or person.has(Role.DPO)
    if name in ("overrule", "reassign"):
        assert person.has(Role.COORDINATOR)
    if name in OF_THE_BUYER:
        assert person.has(Role.BUYER)
        assert person.establishment == SUPPORT


def is_kept(world: World, accepted: Accepted) -> None:
    """What a person decided stands in the trail under their account; drafts are nobody's decision yet."""
    command, outcome = accepted.command, accepted.outcome
    if outcome.state is accepted.before and not outcome.events:
        return
    if command.service == "request" and not outcome.events:
        assert command.name in ("write", "edit", "withdraw")
        assert command.name == "edit" or outcome.state.stage in (Stage.DRAFT, Stage.WITHDRAWN)
        return
    ours = [orjson.loads(entry.text) for entry in world.decisions(command.service, command.case_id)]
    last = ours[-len(outcome.trail) :] if outcome.trail else []
    if command.name == "look_again":
        # The table decides; the buyer only asked.
        assert [entry["detail"]["asked_by"] for entry in last] == [command.person.id]
        return
    theirs = [entry for entry in last if entry["actor"] == command.person.id]
    assert theirs, f"{command.name} by {command.person.id} left no trail"
    assert theirs[0]["actor_title"] == command.person.title


def routes_are_deserved(world: World, accepted: Accepted) -> None:
    """No route is decided without a favourable verdict, nor for a request that purchasing knows as withdrawn."""
    if any(isinstance(event, RouteDecidedV1) for event in accepted.outcome.events):
        verdict = world.verdicts.get(accepted.command.case_id)
        assert verdict in (Verdict.FAVOURABLE, Verdict.FAVOURABLE_WITH_CONDITIONS)
        before: PurchaseFile = accepted.before
        assert before.purchase is not None
        assert before.purchase.review.withdrawn is None


def case_holds(world: World, case_id: UUID) -> None:
    """What is true of a case at any moment, whatever has been delivered so far."""
    request = world.state("request", case_id)
    review = world.state("review", case_id)
    purchase = world.state("purchasing", case_id).purchase
    _request_waits_for_somebody(request)
    if review is not None:
        _review_holds(review)
    if purchase is not None:
        _purchase_holds(world, purchase)
    for service in ("request", "review", "purchasing"):
        world.decisions(service, case_id)


def _request_waits_for_somebody(request: Request) -> None:
    """Within the review it is the review that waits, with deadlines of its own."""
    waits = request.stage not in (Stage.DRAFT, Stage.REFUSED, Stage.ROUTED, Stage.WITHDRAWN, Stage.IN_REVIEW)
    if waits:
        waiting = waiting_for(request.follow_up)
        assert waiting, f"nobody is told about a request that is {request.stage}"
        assert all(w.told for w in waiting)
        all_told = all(w.key in request.follow_up.told for w in waiting)
        assert all_told or next_deadline(request.follow_up) is not None


def _review_holds(review: Review) -> None:
    given = [check.given for check in review.checks if check.given]
    opinions = {one.opinion for one in given}
    total = (
        Verdict.UNFAVOURABLE
        if Opinion.UNFAVOURABLE in opinions
        else Verdict.FAVOURABLE_WITH_CONDITIONS
        if Opinion.FAVOURABLE_WITH_CONDITIONS in opinions
        else Verdict.FAVOURABLE
    )
    overruled = review.outlook.overruled
    if review.status == "decided":
        assert all(check.closed for check in review.checks)
        assert review.verdict == (overruled.verdict if overruled else total)
        assert overruled is not None or len(given) == len(review.checks)
        assert overruled is None or overruled.computed == total
    if review.status == "open":
        assert review.verdict is None
        assert not all(check.closed for check in review.checks), "an open review that nobody is waited for"
    if review.status == "withdrawn":
        assert all(check.closed for check in review.checks)
    for check in review.checks:
        assert check.given is None or check.closed
        if check.given and check.given.opinion == Opinion.FAVOURABLE:
            assert not check.given.conditions
        if check.given and check.given.opinion == Opinion.FAVOURABLE_WITH_CONDITIONS:
            assert check.given.conditions
        if not check.closed:
            assert check.holder != review.requester
            assert (check.status == "to_take") <= (check.holder is None)
            assert (check.status == "taken") == (check.holder is not None and check.open_question is None), check


def _purchase_holds(world: World, purchase: Purchase) -> None:
    verdict, work = world.verdicts.get(purchase.case_id), purchase.work
    if purchase.state in (State.TO_QUALIFY, State.TO_CONFIRM, State.CENSUS):
        assert verdict in (Verdict.FAVOURABLE, Verdict.FAVOURABLE_WITH_CONDITIONS)
        assert purchase.deadline_at is not None or purchase.late_since is not None, "nobody is told about this purchase"
        assert work.proposal is not None
        assert work.decision is None
    if purchase.state is State.CENSUS:
        assert work.census is not None
        assert work.census.closed_at is None
        assert purchase.deadline_at == work.census.deadline
    elif work.census is not None:
        assert work.census.closed_at is not None
    if purchase.state is State.DECIDED:
        assert work.decision is not None
        assert purchase.deadline_at is None
    if purchase.review.withdrawn is not None:
        assert purchase.state is State.CLOSED
    if work.award is not None:
        assert work.decision is not None


def swept_clean(world: World, service: Any, case_id: UUID) -> None:
    """After the sweep, no deadline has passed without somebody having been told."""
    state = world.state(service, case_id)
    if service == "request":
        due = next_deadline(state.follow_up)
        assert due is None or due > world.now
    if service == "purchasing" and state.purchase is not None:
        assert state.purchase.deadline_at is None or state.purchase.deadline_at > world.now
