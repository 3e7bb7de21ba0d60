"""What a decision carries, and what no reason can override: procedures, dates, scopes, rights."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from services.purchasing.actions.close_census import close_census
from services.purchasing.actions.decide_route import DecideRoute, decide
from services.purchasing.actions.propose_route import propose_again
from services.purchasing.actions.qualify_purchase import QualifyPurchase
from services.purchasing.actions.qualify_purchase import decide as qualify
from services.purchasing.model.buyers import purchase_for
from services.purchasing.model.purchase import Proposal, PurchaseFile, RouteDecision
from services.purchasing.model.refusals import AlreadyDecided, NotABuyer, ProposalMoved, RouteNotAllowed
from services.purchasing.model.routing.routes import Procedure
from shared.basics.errors import Invalid
from shared.casework.decide import Outcome
from shared.contracts.events.purchases import RouteDecidedV1, RouteProposedV1
from shared.contracts.need import EquippedSoftware
from shared.contracts.vocabulary import Route
from shared.identity.demo import SUPPORT
from shared.identity.person import Person, Role
from tests.helpers.purchasing_cases import (
    BUYER,
    FOREZ,
    NOBODY_ELSE,
    NOW,
    ROANNE,
    agreement,
    examples,
    market,
    opened,
    purchase,
)

REASON = "Le fournisseur en place ne peut pas reprendre nos données."
COSTS = {"term_years": 4, "bought": {"licences_cents": 28_400_000}, "retained": "bought", "exclusive_rights": "no"}


def _qualified(file: PurchaseFile, **given: Any) -> PurchaseFile:
    return qualify(file, BUYER, QualifyPurchase.model_validate({**COSTS, **given}), NOW).state


def _decide(file: PurchaseFile, **given: Any) -> Outcome[PurchaseFile]:
    return decide(file, BUYER, DecideRoute.model_validate(given), NOW)


def _decision(file: PurchaseFile) -> RouteDecision:
    decision = purchase(file).work.decision
    assert decision is not None
    return decision


def _proposal(file: PurchaseFile) -> Proposal:
    proposal = purchase(file).work.proposal
    assert proposal is not None
    return proposal


@pytest.mark.parametrize(
    ("route", "procedure"),
    [("own_tender", Procedure.FORMAL), ("no_purchase", Procedure.NONE)],
)
def test_a_decision_carries_the_procedure_of_the_route_that_was_taken(route: str, procedure: Procedure) -> None:
    outcome = _decide(_qualified(opened(market(agreement()))), route=route, reason=REASON)
    (event,) = outcome.events
    assert isinstance(event, RouteDecidedV1)
    assert event.explanation.procedure == procedure
    assert _proposal(outcome.state).explanation.procedure == Procedure.ENTRUSTED


def test_a_census_that_the_table_did_not_propose_ends_in_the_procedure_of_its_tender() -> None:
    asked = _decide(_qualified(opened(market(agreement()))), route="ght_census", reason=REASON).state
    closed = close_census(asked, NOW).state
    assert _decision(closed).explanation.procedure == Procedure.FORMAL


@pytest.mark.parametrize("given", [{}, {"justification": NOBODY_ELSE}])
def test_a_negotiation_needs_exclusive_rights_that_are_declared(given: dict[str, str]) -> None:
    file = _qualified(opened(sole_supplier_reason=NOBODY_ELSE), exclusive_rights="no", **given)
    with pytest.raises(RouteNotAllowed, match="Déclarez"):
        _decide(file, route="negotiated_without_competition", reason=REASON)


def test_an_agreement_that_was_not_shown_is_not_confirmed_blindly() -> None:
    shown, other = agreement(), agreement(body="UGAP", title="Autre accord")
    file = replace(_qualified(opened(market(shown))), market=market(other))
    with pytest.raises(ProposalMoved):
        _decide(file, route="central_body_order")
    again = propose_again(file, BUYER, NOW)
    assert [type(event) for event in again.events] == [RouteProposedV1]
    assert _decision(_decide(again.state, route="central_body_order").state).agreement_id == other.agreement_id


def test_a_page_that_shows_another_agreement_confirms_nothing() -> None:
    known = agreement()
    file = _qualified(opened(market(known)))
    with pytest.raises(ProposalMoved):
        _decide(file, route="central_body_order", shown_agreement_id=uuid4())
    _decide(file, route="central_body_order", shown_agreement_id=known.agreement_id)


def test_another_agreement_than_the_proposed_one_needs_a_reason_and_the_trail_keeps_both() -> None:
    proposed, other = agreement(), agreement(body="UGAP", title="Autre accord")
    file = _qualified(opened(market(proposed, other)))
    with pytest.raises(Invalid):
        _decide(file, route="central_body_order", agreement_id=other.agreement_id)
    outcome = _decide(file, route="central_body_order", agreement_id=other.agreement_id, reason=REASON)
    assert outcome.trail[0].action == "route_overridden"
    assert outcome.trail[0].detail["proposed_agreement_id"] == proposed.agreement_id
    assert _decision(outcome.state).overridden
    assert _decision(outcome.state).instead_of == proposed.agreement_id


def test_the_same_route_with_another_agreement_is_another_decision() -> None:
    known, other = agreement(), agreement(body="UGAP", title="Autre accord")
    once = _decide(_qualified(opened(market(known, other))), route="central_body_order").state
    assert _decide(once, route="central_body_order", agreement_id=known.agreement_id).state is once
    with pytest.raises(AlreadyDecided):
        _decide(once, route="central_body_order", agreement_id=other.agreement_id)


def test_a_launch_in_the_past_revives_no_expired_agreement() -> None:
    expired = agreement(valid_to=NOW.date() - timedelta(days=1))
    file = _qualified(opened(market(expired)), launch_on="2026-06-01")
    assert purchase(file).route == Route.GHT_CENSUS
    with pytest.raises(RouteNotAllowed, match="expiré le 22\u00a0novembre\u00a02026"):
        _decide(file, route="central_body_order", agreement_id=expired.agreement_id, reason=REASON)


def test_an_agreement_that_ended_since_the_qualification_is_not_ordered_from() -> None:
    file = _qualified(opened(market(agreement(valid_to=NOW.date()))))
    with pytest.raises(ProposalMoved):
        decide(file, BUYER, DecideRoute(route=Route.CENTRAL_BODY_ORDER), NOW + timedelta(days=1))


def test_an_agreement_must_still_hold_when_the_census_is_launched() -> None:
    file = _qualified(opened(market(agreement(valid_to=date(2026, 12, 31)))), launch_on="2027-01-01")
    assert purchase(file).route == Route.GHT_CENSUS


def test_a_policy_that_ended_no_longer_allows_a_direct_purchase() -> None:
    """Roanne's example ended on 30 June 2026: a launch before that day keeps the thresholds of that day only."""
    small = {"licences_cents": 3_000_000}
    file = _qualified(opened(examples(), domain="restauration"), bought=small, launch_on="2026-06-01")
    assert purchase(file).route == Route.GHT_CENSUS
    with pytest.raises(RouteNotAllowed, match="23\u00a0novembre\u00a02026"):
        _decide(file, route="direct_purchase", reason=REASON)
    reasons = {tried.rule_id: tried.reasons for tried in _proposal(file).explanation.tried}
    assert "au 23\u00a0novembre\u00a02026" in reasons["direct-purchase"][0]


def test_the_thresholds_stay_those_of_a_launch_in_the_past() -> None:
    file = _qualified(opened(), bought={"licences_cents": 5_000_000}, launch_on="2026-03-31")
    assert _proposal(file).explanation.procedure == Procedure.ADAPTED


def test_an_agreement_about_something_else_is_refused_whatever_the_reason() -> None:
    other = agreement(domains=("pmsi",), cpv=())
    file = _qualified(opened(market(other)))
    with pytest.raises(RouteNotAllowed, match="ne couvre pas ce besoin"):
        _decide(file, route="central_body_order", agreement_id=other.agreement_id, reason=REASON)


def test_an_agreement_that_was_withdrawn_is_refused_with_a_sentence() -> None:
    gone = agreement(withdrawn=True)
    with pytest.raises(RouteNotAllowed, match="plus proposé"):
        _decide(
            _qualified(opened(market(gone))), route="central_body_order", agreement_id=gone.agreement_id, reason=REASON
        )


def test_only_members_that_may_order_are_asked_to_compete_together() -> None:
    known = agreement(kind="further_competition", orderers=(ROANNE, SUPPORT, FOREZ))
    together = {"route": "central_body_further_competition", "ask_members": True}
    asked = purchase(_decide(_qualified(opened(market(known))), **together).state).work.census
    assert asked is not None
    assert set(asked.members) == {SUPPORT, FOREZ}
    alone = replace(known, orderers=(ROANNE,))
    with pytest.raises(RouteNotAllowed, match="Aucun autre membre"):
        _decide(_qualified(opened(market(alone))), **together)
    everyone = replace(known, may_order="unknown", orderers=())
    file = _qualified(opened(market(everyone)))
    all_asked = purchase(_decide(file, **together, agreement_id=known.agreement_id, reason=REASON).state).work.census
    assert all_asked is not None
    assert len(all_asked.members) == 5


def test_nothing_is_reused_where_no_software_is_named() -> None:
    with pytest.raises(RouteNotAllowed, match="Aucun logiciel en service"):
        _decide(_qualified(opened()), route="reuse", reason=REASON)
    named = EquippedSoftware(entry_id=uuid4(), product="Exemple A", domain="bloc-operatoire", establishments=(SUPPORT,))
    assert _decision(_decide(_qualified(opened(equipped=(named,))), route="reuse", reason=REASON).state).overridden


def test_an_amount_at_the_threshold_is_said_to_reach_it() -> None:
    file = _qualified(
        opened(examples(), establishment=FOREZ, domain="restauration"), bought={"licences_cents": 6_000_000}
    )
    with pytest.raises(RouteNotAllowed, match="atteignent ou dépassent le seuil"):
        _decide(file, route="direct_purchase", reason=REASON)


def test_two_establishments_outside_any_ght_are_not_of_the_same_one() -> None:
    mine, theirs = "420780041", "420780058"
    buyer = Person("buyer-x", "Acheteur", frozenset({Role.BUYER}), mine, "Achats", frozenset({mine, theirs}))
    with pytest.raises(NotABuyer):
        purchase_for(opened(establishment=theirs), buyer, NOW)
    assert purchase_for(opened(establishment=mine), buyer, NOW).establishment == mine


def test_an_agreement_taken_together_instead_of_the_proposed_one_keeps_its_reason() -> None:
    proposed, other = agreement(kind="further_competition"), agreement(kind="further_competition", body="UGAP")
    file = _qualified(opened(market(proposed, other)))
    chosen = {"agreement_id": other.agreement_id, "reason": REASON, "ask_members": True}
    asked = _decide(file, route="central_body_further_competition", **chosen).state
    decision = _decision(close_census(asked, NOW).state)
    assert (decision.agreement_id, decision.instead_of) == (other.agreement_id, proposed.agreement_id)
    assert (decision.overridden, decision.reason) == (True, REASON)
