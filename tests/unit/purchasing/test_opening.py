"""What verdicts and withdrawals do to a purchase, and which route each kind of need is proposed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from services.purchasing.actions.close_purchase import request_withdrawn
from services.purchasing.actions.open_purchase import review_decided
from services.purchasing.actions.pass_deadline import decide as deadline_passed
from services.purchasing.model.purchase import Condition, PurchaseFile, State
from shared.contracts.events.purchases import PurchaseLateV1, RouteProposedV1
from shared.contracts.events.requests import RequestWithdrawnV1
from shared.contracts.events.reviews import ReuseAssessment
from shared.contracts.vocabulary import RequestKind, Route, Verdict
from tests.helpers.purchasing_cases import (
    FOREZ,
    NOBODY_ELSE,
    NOW,
    agreement,
    examples,
    market,
    opened,
    purchase,
    verdict,
)

FITS = ReuseAssessment(entry_id=uuid4(), product="Exemple A", fits=True)
DOES_NOT_FIT = ReuseAssessment(entry_id=uuid4(), product="Exemple A", fits=False)
NOT_JUDGED = ReuseAssessment(entry_id=uuid4(), product="Exemple A", fits=None)


def _withdrawn(case_id: object) -> RequestWithdrawnV1:
    return RequestWithdrawnV1.model_validate({"case_id": case_id, "withdrawn_at": NOW, "reason": "Besoin disparu"})


@pytest.mark.parametrize(
    ("given", "route"),
    [
        ({"kind": RequestKind.RETIREMENT}, Route.NO_PURCHASE),
        ({"reuse": (FITS,)}, Route.REUSE),
        ({"domain": "gestion-temps"}, Route.CENTRAL_BODY_ORDER),
        ({"domain": "imagerie-pacs"}, Route.CENTRAL_BODY_FURTHER_COMPETITION),
        ({"domain": "messagerie-bureautique"}, Route.CENTRAL_BODY_DYNAMIC_SYSTEM),
        ({"sole_supplier_reason": NOBODY_ELSE}, Route.NEGOTIATED_WITHOUT_COMPETITION),
        (
            {"domain": "restauration", "establishment": FOREZ, "estimated_amount_cents": 2_000_000},
            Route.DIRECT_PURCHASE,
        ),
        ({"domain": "restauration", "estimated_amount_cents": 2_000_000}, Route.GHT_CENSUS),
        ({"domain": "bloc-operatoire", "estimated_amount_cents": 28_400_000}, Route.GHT_CENSUS),
    ],
)
def test_each_kind_of_need_is_proposed_its_route_at_once(given: dict[str, object], route: Route) -> None:
    outcome = review_decided(PurchaseFile(None, examples()), verdict(**given), NOW)  # type: ignore[arg-type]
    (event,) = outcome.events
    assert isinstance(event, RouteProposedV1)
    assert event.route == route
    assert event.explanation.tried[-1].matched
    assert event.in_plain_words.endswith(".")


def test_every_rule_that_was_tried_says_why() -> None:
    event = review_decided(PurchaseFile(None, examples()), verdict(), NOW).events[0]
    assert isinstance(event, RouteProposedV1)
    assert all(tried.reasons for tried in event.explanation.tried)


def test_a_software_that_was_not_judged_is_a_missing_fact_and_not_a_no() -> None:
    file = opened(reuse=(NOT_JUDGED,))
    proposal = purchase(file).work.proposal
    assert proposal is not None
    assert "reuse_fit" in proposal.explanation.missing_facts
    assert purchase(file).state is State.TO_QUALIFY
    judged = purchase(opened(reuse=(DOES_NOT_FIT,))).work.proposal
    assert judged is not None
    assert "reuse_fit" not in judged.explanation.missing_facts


def test_nothing_is_missing_so_nothing_needs_qualifying() -> None:
    assert purchase(opened(market(agreement()), domain="bloc-operatoire")).state is State.TO_CONFIRM


def test_an_order_under_a_known_ceiling_waits_for_its_amount() -> None:
    capped = market(agreement(ceiling_cents=5_000_000))
    file = opened(capped)
    proposal = purchase(file).work.proposal
    assert proposal is not None
    assert (proposal.route, purchase(file).state) == (Route.CENTRAL_BODY_ORDER, State.TO_QUALIFY)
    assert proposal.explanation.missing_facts == ("amount_cents",)
    assert "complète" in proposal.in_plain_words
    assert purchase(opened(capped, estimated_amount_cents=1_000_000)).state is State.TO_CONFIRM


def test_a_ceiling_that_nobody_knows_is_not_said_to_be_none() -> None:
    proposal = purchase(opened(market(agreement(ceiling_cents=None)))).work.proposal
    assert proposal is not None
    assert proposal.route == Route.CENTRAL_BODY_ORDER
    assert "plafond inconnu\u202f: à vérifier auprès de la centrale" in proposal.explanation.tried[-1].reasons[0]


def test_an_estimate_of_nothing_is_not_known_rather_than_free() -> None:
    file = opened(examples(), domain="restauration", establishment=FOREZ, estimated_amount_cents=0)
    assert purchase(file).own_amount_cents is None
    assert purchase(file).route != Route.DIRECT_PURCHASE
    assert purchase(file).state is State.TO_QUALIFY


def test_a_reason_of_a_few_words_does_not_justify_exclusive_rights() -> None:
    file = opened(sole_supplier_reason="Seul éditeur", estimated_amount_cents=5_000_000)
    proposal = purchase(file).work.proposal
    assert proposal is not None
    assert proposal.route == Route.GHT_CENSUS
    assert proposal.explanation.missing_facts == ("exclusive_rights_justified",)
    reasons = {tried.rule_id: tried.reasons for tried in proposal.explanation.tried}
    assert "trop courte" in reasons["exclusive-rights"][0]
    assert purchase(file).state is State.TO_QUALIFY


def test_an_unfavourable_verdict_closes_what_was_not_decided() -> None:
    file = opened()
    event = verdict(purchase(file).case_id, decision=Verdict.UNFAVOURABLE)
    outcome = review_decided(file, event, NOW)
    assert purchase(outcome.state).state is State.CLOSED
    assert purchase(outcome.state).deadline_at is None
    assert outcome.events == ()


def test_an_overruling_opens_what_was_closed() -> None:
    file = opened(event=verdict(decision=Verdict.UNFAVOURABLE))
    assert purchase(file).state is State.CLOSED
    again = review_decided(file, verdict(purchase(file).case_id), NOW)
    assert purchase(again.state).state is State.TO_QUALIFY


def test_a_withdrawal_keeps_a_later_verdict_from_opening_anything() -> None:
    case_id = uuid4()
    file = request_withdrawn(PurchaseFile(None, market()), _withdrawn(case_id), NOW).state
    outcome = review_decided(file, verdict(case_id), NOW)
    assert outcome.events == ()
    assert purchase(outcome.state).state is State.CLOSED


def test_a_second_withdrawal_changes_nothing() -> None:
    file = opened()
    once = request_withdrawn(file, _withdrawn(purchase(file).case_id), NOW)
    twice = request_withdrawn(once.state, _withdrawn(purchase(file).case_id), NOW)
    assert twice.state is once.state
    assert twice.trail == ()


def test_the_conditions_of_the_opinions_follow_the_case() -> None:
    kept = purchase(opened(conditions=("Certificat HDS",))).review.conditions
    assert kept == (Condition("security", "Sécurité", "Certificat HDS"),)


def test_five_working_days_later_the_buyer_is_told_once() -> None:
    file = opened()
    due_at = purchase(file).deadline_at
    assert due_at is not None
    assert due_at.date().isoformat() == "2026-11-30"
    assert deadline_passed(file, due_at - timedelta(seconds=1)).events == ()
    late = deadline_passed(file, due_at)
    (event,) = late.events
    assert isinstance(event, PurchaseLateV1)
    assert event.told == "buyer"
    assert deadline_passed(late.state, due_at + timedelta(days=9)).events == ()


def test_a_deadline_that_moved_does_nothing() -> None:
    file = opened()
    moved = replace(file, purchase=replace(purchase(file), deadline_at=None))
    assert deadline_passed(moved, NOW + timedelta(days=99)).state is moved
