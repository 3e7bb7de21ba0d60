"""Deciding a route: confirmed, or overridden with a reason; and what no reason can override."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.purchasing.actions.answer_census import AnswerCensus
from services.purchasing.actions.answer_census import decide as answer_census
from services.purchasing.actions.close_purchase import request_withdrawn
from services.purchasing.actions.decide_route import DecideRoute, decide
from services.purchasing.actions.open_purchase import review_decided
from services.purchasing.actions.pass_deadline import decide as deadline_passed
from services.purchasing.actions.qualify_purchase import QualifyPurchase
from services.purchasing.actions.qualify_purchase import decide as qualify
from services.purchasing.model.purchase import WAITING, PurchaseFile, State
from services.purchasing.model.refusals import (
    AlreadyDecided,
    CensusClosed,
    NotInvited,
    NotOpened,
    NotQualified,
    OwnRequest,
    ProposalMoved,
    RouteNotAllowed,
)
from shared.basics.errors import Invalid
from shared.casework.decide import Outcome
from shared.contracts.events.purchases import CensusClosedV1, CensusOpenedV1, RouteDecidedV1
from shared.contracts.events.requests import RequestWithdrawnV1
from shared.contracts.vocabulary import CensusAnswer, Route, Verdict
from shared.identity.person import Person, Role
from tests.helpers.purchasing_cases import (
    BUYER,
    FOREZ,
    NOW,
    ROANNE,
    agreement,
    contact,
    examples,
    market,
    opened,
    purchase,
    verdict,
)

REASON = "Le fournisseur en place ne peut pas reprendre nos données."
ALONE = "900000365"  # the only attested member of its GHT
ALONE_BUYER = Person("buyer-alone", "Acheteur", frozenset({Role.BUYER}), ALONE, "Achats", frozenset({ALONE}))
COSTS = {"term_years": 4, "bought": {"licences_cents": 28_400_000}, "retained": "bought", "exclusive_rights": "no"}


def _qualified(file: PurchaseFile, **given: Any) -> PurchaseFile:
    return qualify(file, BUYER, QualifyPurchase.model_validate({**COSTS, **given}), NOW).state


def _decide(file: PurchaseFile, **given: Any) -> Outcome[PurchaseFile]:
    return decide(file, BUYER, DecideRoute.model_validate(given), NOW)


def _answer(
    file: PurchaseFile, member: str, given: CensusAnswer = CensusAnswer.JOINING, now: datetime = NOW
) -> Outcome[PurchaseFile]:
    return answer_census(file, contact(member), AnswerCensus(answer=given, software="Exemple A"), now)


def _asked(**given: Any) -> PurchaseFile:
    return _decide(_qualified(opened(**given)), route="ght_census").state


def test_the_proposed_route_is_confirmed_as_it_is() -> None:
    outcome = _decide(opened(market(agreement()), conditions=("Certificat HDS",)), route="central_body_order")
    (event,) = outcome.events
    assert isinstance(event, RouteDecidedV1)
    assert not event.overridden
    assert event.conditions == ("Certificat HDS",)
    assert outcome.trail[0].action == "route_confirmed"


def test_another_route_needs_a_reason_and_the_trail_keeps_both() -> None:
    file = _qualified(opened())
    with pytest.raises(Invalid):
        _decide(file, route="own_tender", reason="parce que")
    outcome = _decide(file, route="own_tender", reason=REASON)
    (event,) = outcome.events
    assert isinstance(event, RouteDecidedV1)
    assert (event.route, event.proposed, event.overridden) == (Route.OWN_TENDER, Route.GHT_CENSUS, True)
    assert outcome.trail[0].reason == REASON
    assert outcome.trail[0].detail["proposed"] == Route.GHT_CENSUS


def test_a_case_without_a_favourable_verdict_is_never_routed() -> None:
    file = opened(event=verdict(decision=Verdict.UNFAVOURABLE))
    with pytest.raises(NotOpened):
        _decide(file, route="own_tender", reason=REASON)


def test_what_is_not_known_is_entered_before_a_route_is_taken() -> None:
    with pytest.raises(NotQualified):
        _decide(opened(), route="ght_census")


def test_a_buyer_does_not_decide_on_their_own_request() -> None:
    with pytest.raises(OwnRequest):
        _decide(opened(market(agreement()), requester=BUYER.id), route="central_body_order")


def test_the_same_decision_twice_says_the_same_and_another_is_refused() -> None:
    once = _decide(_qualified(opened()), route="own_tender", reason=REASON)
    twice = _decide(once.state, route="own_tender", reason=REASON)
    assert twice.events == ()
    assert twice.state is once.state
    with pytest.raises(AlreadyDecided):
        _decide(once.state, route="reuse", reason=REASON)


def test_a_proposal_that_moved_is_not_confirmed_blindly() -> None:
    file = opened(market(agreement()))
    expired = replace(file, market=market())
    with pytest.raises(ProposalMoved):
        _decide(expired, route="central_body_order")


def test_an_order_counts_against_the_ceiling_until_the_request_is_withdrawn() -> None:
    file = opened(market(known := agreement(ceiling_cents=5_000_000)), estimated_amount_cents=2_000_000)
    decided = _decide(file, route="central_body_order").state
    assert purchase(decided).consumes == (known.agreement_id, 2_000_000)
    gone = RequestWithdrawnV1(case_id=purchase(file).case_id, withdrawn_at=NOW, reason="Besoin disparu")
    assert purchase(request_withdrawn(decided, gone, NOW).state).consumes is None


@pytest.mark.parametrize(
    ("given", "route"),
    [
        ({}, "shared_tender"),
        ({}, "negotiated_without_competition"),
        ({}, "direct_purchase"),
        ({}, "central_body_order"),
    ],
)
def test_no_reason_overrides_the_law(given: dict[str, Any], route: str) -> None:
    with pytest.raises(RouteNotAllowed):
        _decide(_qualified(opened(**given)), route=route, reason=REASON)


def test_an_expired_agreement_is_refused_whatever_the_reason() -> None:
    expired = agreement(valid_to=NOW.date() - timedelta(days=1), valid_from=NOW.date() - timedelta(days=90))
    with pytest.raises(RouteNotAllowed, match="expiré"):
        _decide(
            _qualified(opened(market(expired))),
            route="central_body_order",
            agreement_id=expired.agreement_id,
            reason=REASON,
        )


def test_a_direct_purchase_stays_below_the_threshold() -> None:
    file = _qualified(opened(examples(), establishment=FOREZ, domain="restauration"))
    with pytest.raises(RouteNotAllowed, match="seuil"):
        _decide(file, route="direct_purchase", reason=REASON)


def test_the_other_members_of_the_ght_are_asked() -> None:
    outcome = _decide(_qualified(opened()), route="ght_census", message="Vingt salles")
    (event,) = outcome.events
    assert isinstance(event, CensusOpenedV1)
    assert ROANNE not in event.members
    assert len(event.members) == 5
    assert event.deadline.date().isoformat() == "2026-12-14"


def test_a_census_ends_in_the_future() -> None:
    file = _qualified(opened())
    for deadline in (NOW, NOW + timedelta(days=800)):
        with pytest.raises(Invalid):
            _decide(file, route="ght_census", deadline=deadline)


def test_where_there_is_nobody_to_ask_no_census_is_opened() -> None:
    """Nobody is asked where nobody could answer: the table proposes the tender that would follow."""
    file = qualify(opened(establishment=ALONE), ALONE_BUYER, QualifyPurchase.model_validate(COSTS), NOW).state
    assert purchase(file).route == Route.OWN_TENDER
    with pytest.raises(RouteNotAllowed, match="autre membre"):
        decide(file, ALONE_BUYER, DecideRoute(route=Route.GHT_CENSUS, reason=REASON), NOW)
    outcome = decide(file, ALONE_BUYER, DecideRoute(route=Route.OWN_TENDER), NOW)
    assert [type(event) for event in outcome.events] == [RouteDecidedV1]
    assert outcome.trail[0].action == "route_confirmed"


def test_a_member_that_joins_makes_the_tender_shared() -> None:
    file = _answer(_asked(), FOREZ).state
    closed = deadline_passed(file, NOW + timedelta(days=60))
    kinds = [type(event) for event in closed.events]
    assert kinds == [CensusClosedV1, RouteDecidedV1]
    decided = purchase(closed.state).work.decision
    assert decided is not None
    assert (decided.route, decided.joined, decided.overridden) == (Route.SHARED_TENDER, (FOREZ,), False)
    assert decided.run_by == BUYER.establishment


def test_the_last_answer_closes_the_census() -> None:
    file = _asked()
    census = purchase(file).work.census
    assert census is not None
    for member in census.members:
        outcome = _answer(file, member, CensusAnswer.ALREADY_EQUIPPED)
        file = outcome.state
    assert [type(event) for event in outcome.events] == [CensusClosedV1, RouteDecidedV1]
    assert purchase(file).route == Route.OWN_TENDER


def test_an_answer_may_change_until_the_deadline() -> None:
    file = _answer(_asked(), FOREZ).state
    changed = _answer(file, FOREZ, CensusAnswer.NOT_JOINING)
    census = purchase(changed.state).work.census
    assert census is not None
    assert census.joined == ()
    assert changed.trail[0].detail["changed"] is True
    assert _answer(file, FOREZ).trail == ()
    with pytest.raises(CensusClosed):
        _answer(file, "420780652", now=NOW + timedelta(days=60))


def test_the_establishment_in_need_does_not_answer_itself() -> None:
    with pytest.raises(NotInvited):
        _answer(_asked(), ROANNE)


def test_a_case_that_ends_ends_its_census() -> None:
    file = _asked()
    event = verdict(purchase(file).case_id, decision=Verdict.UNFAVOURABLE)
    outcome = review_decided(file, event, NOW)
    assert [type(event) for event in outcome.events] == [CensusClosedV1]
    assert purchase(outcome.state).state is State.CLOSED


def test_an_agreement_that_filled_up_meanwhile_leaves_the_choice_to_the_buyer() -> None:
    known = agreement(kind="further_competition", ceiling_cents=5_000_000)
    file = opened(market(known), estimated_amount_cents=2_000_000)
    asked = _decide(file, route="central_body_further_competition", ask_members=True).state
    full = replace(asked, market=market(replace(known, consumed_cents=4_000_000)))
    closed = deadline_passed(full, NOW + timedelta(days=60))
    assert purchase(closed.state).state in WAITING
    assert purchase(closed.state).work.decision is None
