"""Qualifying: what a purchase costs over its full term, and what that does to its route."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.purchasing.actions.qualify_purchase import QualifyPurchase
from services.purchasing.actions.qualify_purchase import decide as qualify
from services.purchasing.model.purchase import Proposal, PurchaseFile, State
from services.purchasing.model.qualification import CostLines, Form, Qualification, SameNeed
from services.purchasing.model.refusals import PurchaseMoved
from shared.basics.errors import Forbidden, Invalid, NotFound
from shared.contracts.vocabulary import Route
from shared.identity.demo import DEMO_ACCOUNTS
from tests.helpers.purchasing_cases import BUYER, FOREZ, NOBODY_ELSE, NOW, agreement, examples, market, opened, purchase

COSTS: dict[str, Any] = {
    "term_years": 4,
    "renewal_years": 1,
    "bought": {"licences_cents": 9_600_000, "maintenance_per_year_cents": 2_360_000, "integration_cents": 7_000_000},
    "rented": {"subscription_per_year_cents": 4_200_000, "training_cents": 5_800_000},
    "retained": "bought",
    "exclusive_rights": "no",
}
UNFIT = "Le titulaire ne reprend pas nos données de bloc."


def _qualified(file: PurchaseFile, others: tuple[SameNeed, ...] = (), **given: Any) -> PurchaseFile:
    return qualify(file, BUYER, QualifyPurchase.model_validate({**COSTS, **given}), NOW, others).state


def _proposal(file: PurchaseFile) -> Proposal:
    proposal = purchase(file).work.proposal
    assert proposal is not None
    return proposal


def _route(file: PurchaseFile) -> str | None:
    return purchase(file).route


def test_both_forms_are_valued_over_the_term_and_its_renewals() -> None:
    qualified = purchase(_qualified(opened())).work.qualification
    assert qualified is not None
    assert qualified.total_cents(Form.BOUGHT) == 28_400_000
    assert qualified.total_cents(Form.RENTED) == 26_800_000
    assert qualified.difference_cents == -1_600_000
    assert qualified.amount_cents == 28_400_000


def test_maintenance_is_paid_every_year() -> None:
    assert CostLines(licences_cents=100, maintenance_per_year_cents=30).total_cents(5) == 250


def test_the_retained_form_gives_the_amount() -> None:
    assert purchase(_qualified(opened(), retained="rented")).own_amount_cents == 26_800_000


def test_a_form_that_is_not_valued_cannot_be_retained() -> None:
    with pytest.raises(Invalid) as refused:
        _qualified(opened(), rented=None, retained="rented")
    assert [error.field for error in refused.value.errors] == ["retained"]


def test_a_command_that_comes_after_its_successor_replaces_nothing() -> None:
    """A paused process may carry out at last what its author has sent again, and replaced, long ago."""
    first = _qualified(opened(), revision=0)
    assert _qualified(first, revision=0) == first, "sent again: it is answered as the first time"
    second = _qualified(first, term_years=2, revision=1)
    with pytest.raises(PurchaseMoved):
        _qualified(second, revision=0)
    assert purchase(_qualified(second, revision=2)).work.revision == 3


def test_exclusive_rights_need_their_justification() -> None:
    with pytest.raises(Invalid):
        _qualified(opened(), exclusive_rights="yes", justification="seul éditeur")
    assert _route(_qualified(opened(), exclusive_rights="yes", justification=NOBODY_ELSE)) == (
        Route.NEGOTIATED_WITHOUT_COMPETITION
    )


def test_the_cost_decides_between_direct_purchase_and_a_tender() -> None:
    file = opened(examples(), domain="restauration", establishment=FOREZ)
    small: dict[str, Any] = {"bought": {"licences_cents": 5_999_999}, "rented": None}
    assert _route(_qualified(file, **small)) == Route.DIRECT_PURCHASE
    assert _route(_qualified(file, bought={"licences_cents": 6_000_000}, rented=None)) == Route.GHT_CENSUS


def test_the_launch_date_decides_which_threshold_counts() -> None:
    file = opened(examples(), domain="restauration", establishment=FOREZ)
    bought = {"licences_cents": 5_000_000}
    assert _route(_qualified(file, bought=bought, rented=None, launch_on="2026-03-31")) == Route.GHT_CENSUS
    assert _route(_qualified(file, bought=bought, rented=None, launch_on="2026-04-01")) == Route.DIRECT_PURCHASE


def test_the_same_need_bought_twice_is_valued_once() -> None:
    file = opened(examples(), domain="restauration", establishment=FOREZ)
    other = SameNeed(uuid4(), "D-2026-0001", "Menus, premier lot", 3_000_000)
    bought = {"licences_cents": 3_500_000}
    assert _route(_qualified(file, bought=bought, rented=None)) == Route.DIRECT_PURCHASE
    split = _qualified(file, (other,), bought=bought, rented=None)
    assert _route(split) == Route.GHT_CENSUS
    assert purchase(split).own_amount_cents == 3_500_000


def test_the_buyer_may_choose_an_agreement_or_set_them_all_aside() -> None:
    chosen = agreement(title="Autre accord", kind="further_competition")
    known = market(agreement(), chosen)
    file = opened(known)
    assert _route(_qualified(file, agreement="none", note=UNFIT)) == Route.GHT_CENSUS
    named = purchase(_qualified(file, agreement=str(chosen.agreement_id))).work.proposal
    assert named is not None
    assert named.agreement_id == chosen.agreement_id


@pytest.mark.parametrize("may_order", ["listed", "unknown"])
def test_an_agreement_that_fits_is_set_aside_with_a_reason_that_stays(may_order: str) -> None:
    file = opened(market(agreement(may_order=may_order)))
    with pytest.raises(Invalid) as refused:
        _qualified(file, agreement="none", note="trop cher")
    assert [error.field for error in refused.value.errors] == ["note"]
    assert "UniHA, Bloc opératoire ne convient pas" in refused.value.errors[0].message
    outcome = qualify(file, BUYER, QualifyPurchase.model_validate({**COSTS, "agreement": "none", "note": UNFIT}), NOW)
    assert outcome.trail[0].reason == UNFIT
    assert outcome.trail[0].detail["agreement"] == "none"
    reasons = {tried.rule_id: tried.reasons for tried in _proposal(outcome.state).explanation.tried}
    assert reasons["central-order"] == (
        "UniHA, Bloc opératoire\u202f: écarté par l’acheteur\u202f: Le titulaire ne reprend pas nos données de bloc.",
    )


def test_where_no_agreement_fits_there_is_nothing_to_explain() -> None:
    full = agreement(ceiling_cents=1_000_000)
    assert _route(_qualified(opened(market(full)), agreement="none")) == Route.GHT_CENSUS


def test_a_long_reason_is_quoted_in_part() -> None:
    file = _qualified(opened(market(agreement())), agreement="none", note="Trop cher pour nous. " * 190)
    reasons = {tried.rule_id: tried.reasons for tried in _proposal(file).explanation.tried}
    assert len(reasons["central-order"][0]) < 400


def test_an_agreement_about_something_else_is_not_chosen() -> None:
    other = agreement(domains=("pmsi",), cpv=())
    with pytest.raises(Invalid) as refused:
        _qualified(opened(market(other)), agreement=str(other.agreement_id))
    assert [error.field for error in refused.value.errors] == ["agreement"]
    assert "corrigez le code CPV" in refused.value.errors[0].message


def test_the_code_that_the_buyer_enters_decides_what_an_agreement_covers() -> None:
    wide = agreement(domains=(), cpv=("48180000",))
    chosen = str(wide.agreement_id)
    with pytest.raises(Invalid):
        _qualified(opened(market(wide)), agreement=chosen, cpv="33100000")
    assert _route(_qualified(opened(market(wide)), agreement=chosen, cpv="48180000")) == Route.CENTRAL_BODY_ORDER


def test_an_agreement_without_any_scope_may_be_chosen_and_says_so() -> None:
    unknown = agreement(domains=(), cpv=())
    file = _qualified(opened(market(unknown)), agreement=str(unknown.agreement_id))
    assert _route(file) == Route.CENTRAL_BODY_ORDER
    assert "périmètre inconnu" in _proposal(file).explanation.tried[-1].reasons[0]


def test_the_same_qualification_twice_proposes_once() -> None:
    file = _qualified(opened())
    again = qualify(file, BUYER, QualifyPurchase.model_validate(COSTS), NOW)
    assert again.state is file
    assert again.events == ()


def test_a_qualified_purchase_is_to_be_confirmed_even_if_something_stays_unknown() -> None:
    file = _qualified(opened(), exclusive_rights="unknown")
    assert purchase(file).state is State.TO_CONFIRM


def test_a_launch_before_any_table_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        _qualified(opened(), launch_on="2019-01-01")
    assert refused.value.errors[0].field == "launch_on"


def test_only_the_buyer_of_the_ght_qualifies_and_never_their_own_request() -> None:
    command = QualifyPurchase.model_validate(COSTS)
    with pytest.raises(NotFound):
        qualify(PurchaseFile(None, market()), BUYER, command, NOW)
    with pytest.raises(Forbidden):
        qualify(opened(), DEMO_ACCOUNTS["auditor"].person, command, NOW)
    with pytest.raises(Forbidden):
        qualify(opened(requester=BUYER.id), BUYER, command, NOW)
    with pytest.raises(Forbidden):
        qualify(opened(establishment="210780581"), BUYER, command, NOW)  # another GHT


@pytest.mark.parametrize(
    "wrong",
    [
        {"term_years": 0},
        {"bought": {"licences_cents": -1}},
        {"bought": {"licences_cents": 10**13}},
        {"bought": {"licences_cents": 1.5}},
        {"justification": "nul\u0000"},
        {"cpv": "99999999"},
        {"exclusive_rights": "maybe"},
        {"surprise": 1},
    ],
)
def test_what_cannot_be_right_is_refused_at_the_door(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        QualifyPurchase.model_validate({**COSTS, **wrong})


def test_a_qualification_without_costs_keeps_the_estimate() -> None:
    file = _qualified(
        opened(estimated_amount_cents=1_000_000), bought=None, rented=None, retained=None, launch_on=date(2026, 12, 1)
    )
    qualified = purchase(file).work.qualification
    assert isinstance(qualified, Qualification)
    assert qualified.amount_cents is None
    assert purchase(file).own_amount_cents == 1_000_000
