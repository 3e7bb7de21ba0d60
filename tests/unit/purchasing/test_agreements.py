"""Framework agreements and purchase policies: dates, scope, who may order, ceiling; unknown stays unknown."""

from datetime import date
from pathlib import Path

import pytest

from services.purchasing.model import agreement_data
from services.purchasing.model.agreement_data import example_book
from services.purchasing.model.example_market import example_market
from services.purchasing.model.routing.coverage import cover
from shared.reference.files import BadReferenceData

TODAY = date(2026, 11, 22)


def test_everything_shipped_is_marked_as_an_example() -> None:
    assert example_book().example
    for agreement in example_book().agreements:
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
    assert [p.policy_id for p in market.policies] == [p.policy_id for p in example_market(TODAY).policies]


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


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"gmao"', '"submarine"', "unknown domains"),
        ('"48421000"', '"48421999"', "not CPV codes"),
        ('"420780033"', '"999999999"', "neither a GHT nor a FINESS"),
        ('"valid_to": "2032-12-31"', '"valid_to": "2028-12-31"', "ends before it starts"),
        ('"UGAP"', '"Centrale inconnue"', "body"),
    ],
)
def test_a_bad_agreement_is_refused_with_its_reason(tmp_path: Path, old: str, new: str, reason: str) -> None:
    text = agreement_data.PATH.read_text(encoding="utf-8")
    assert old in text
    bad = tmp_path / "agreements.json"
    bad.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadReferenceData, match=reason):
        agreement_data.load(bad)
