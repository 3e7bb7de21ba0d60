"""Framework agreements and purchase policies: dates, scope, who may order, ceiling; unknown stays unknown."""

from datetime import date

import pytest

from services.purchasing.actions.enter_agreement import AgreementData
from services.purchasing.model.example_market import example_market, examples
from services.purchasing.model.routing.coverage import cover
from services.purchasing.store.agreements import FIELDS
from shared.reference.directory import establishment

TODAY = date(2026, 11, 22)


def test_everything_shipped_is_marked_as_an_example() -> None:
    assert all(policy.example for policy in examples().policies)
    for agreement in examples().agreements:
        assert agreement.example
        assert "exemple" in agreement.title
        assert all("exemple" in supplier for supplier in agreement.suppliers)


@pytest.mark.parametrize(
    ("domain", "establishment", "usable"),
    [
        ("gestion-temps", "420780033", True),
        ("bloc-operatoire", "420780033", False),  # expired
        ("gmao", "420780033", False),  # not begun
        ("telemedecine", "420780033", False),  # ceiling nearly consumed
        ("gestion-documentaire", "420780033", False),  # not a member of the body
        ("laboratoire", "420780033", True),  # named
        ("laboratoire", "420002495", False),  # not named
        ("eai", "420002495", True),  # by its GHT
    ],
)
def test_the_examples_show_why_an_agreement_serves_or_not(domain: str, establishment: str, usable: bool) -> None:
    found = cover(
        example_market(TODAY),
        establishment=establishment,
        domain=domain,
        cpv=None,
        amount_cents=18_000_000,
        on=TODAY,
    )
    assert found.usable is usable
    assert found.reason


def test_the_market_of_the_examples_keeps_the_dates_of_the_policies() -> None:
    market = example_market(TODAY)
    assert market.direct_purchase_allowed("420780033", date(2026, 6, 30))
    assert not market.direct_purchase_allowed("420780033", date(2026, 7, 1))


@pytest.mark.parametrize(
    ("establishment", "on", "allowed"),
    [
        ("420013831", TODAY, True),
        ("420013831", date(2025, 12, 31), False),
        ("420780033", date(2026, 6, 30), True),
        ("420780033", date(2026, 7, 1), False),
        ("420784878", TODAY, False),
        ("420002495", TODAY, False),
    ],
)
def test_direct_purchase_is_off_unless_a_row_in_force_says_so(establishment: str, on: date, allowed: bool) -> None:
    assert example_market(TODAY).direct_purchase_allowed(establishment, on) is allowed


def test_every_example_could_have_been_entered_by_a_buyer() -> None:
    market = example_market(TODAY)
    for agreement in market.agreements:
        AgreementData.model_validate({name: getattr(agreement, name) for name in FIELDS})
    for policy in market.policies:
        assert establishment(policy.establishment).finess == policy.establishment
    assert len({agreement.agreement_id for agreement in market.agreements}) == len(market.agreements)
    assert len({(policy.establishment, policy.valid_from) for policy in market.policies}) == len(market.policies)
