"""What a decision carries, and what no reason can override: procedures, dates, scopes, rights."""

from typing import Any

import pytest

from services.purchasing.consultation import close_consultation
from services.purchasing.decide_route import DecideRoute, decide
from services.purchasing.procedure import Procedure
from services.purchasing.purchase import PurchaseFile, RouteDecision
from services.purchasing.qualify_purchase import QualifyPurchase, qualify
from shared.casework import Outcome
from shared.contracts.events.purchases import RouteDecidedV1
from tests.purchasing_cases import BUYER, NOW, agreement, market, opened, purchase

REASON = "Le fournisseur en place ne peut pas reprendre nos données."
COSTS = {"term_years": 4, "bought": {"licences_cents": 28_400_000}, "retained": "bought", "exclusive_rights": "no"}


def _qualified(file: PurchaseFile, **given: Any) -> PurchaseFile:
    return qualify(file, BUYER, QualifyPurchase.model_validate({**COSTS, **given}), (), NOW).state


def _decide(file: PurchaseFile, **given: Any) -> Outcome[PurchaseFile]:
    return decide(file, BUYER, DecideRoute.model_validate(given), NOW)


def _decision(file: PurchaseFile) -> RouteDecision:
    decision = purchase(file).work.decision
    assert decision is not None
    return decision


@pytest.mark.parametrize(
    ("route", "procedure"),
    [("own_tender", Procedure.FORMAL), ("no_purchase", Procedure.NONE)],
)
def test_a_decision_carries_the_procedure_of_the_route_that_was_taken(route: str, procedure: Procedure) -> None:
    outcome = _decide(_qualified(opened(market(agreement()))), route=route, reason=REASON)
    (event,) = outcome.events
    assert isinstance(event, RouteDecidedV1)
    assert event.explanation.procedure == procedure
    proposal = purchase(outcome.state).work.proposal
    assert proposal is not None
    assert proposal.explanation.procedure is Procedure.ENTRUSTED


def test_a_consultation_that_the_table_did_not_propose_ends_in_the_procedure_of_its_tender() -> None:
    asked = _decide(_qualified(opened(market(agreement()))), route="ght_consultation", reason=REASON).state
    closed = close_consultation(asked, NOW).state
    assert _decision(closed).explanation.procedure is Procedure.FORMAL
