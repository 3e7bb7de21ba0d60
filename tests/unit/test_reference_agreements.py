"""Framework agreements and purchase policies: dates, scope, who may order, ceiling; unknown stays unknown."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from services.purchasing import agreement_data, policy_data
from services.purchasing.agreement_data import example_book
from services.purchasing.agreement_fit import Fit, Wanted, best_fit
from shared.reference.files import BadReferenceData

TODAY = date(2026, 11, 22)
WANTED = Wanted("420780033", "gestion-temps", None, 18_000_000, TODAY)


def fit(**changes: object) -> Fit:
    return best_fit(example_book(), replace(WANTED, **changes))  # type: ignore[arg-type]


def test_everything_shipped_is_marked_as_an_example() -> None:
    assert example_book().example
    for agreement in example_book().agreements:
        assert agreement.example
        assert "exemple" in agreement.title
        assert all("exemple" in supplier for supplier in agreement.suppliers)


def test_an_agreement_in_force_that_covers_the_need_is_usable() -> None:
    found = fit()
    assert found.usable is True
    assert found.kind == "order"
    assert "30\u00a0juin\u00a02028" in found.reason


def test_an_expired_agreement_is_told_with_its_date() -> None:
    found = fit(domain="bloc-operatoire")
    assert found.usable is False
    assert "expiré le 30\u00a0septembre\u00a02026" in found.reason
    assert fit(domain="bloc-operatoire", launch=date(2026, 9, 30)).usable is True


def test_an_agreement_that_has_not_started_is_told_with_its_date() -> None:
    assert "ne commence que le 1er" in fit(domain="gmao").reason


def test_a_ceiling_counts_what_is_left() -> None:
    assert fit(domain="telemedecine", amount_cents=1_500_000).usable is True
    beyond = fit(domain="telemedecine", amount_cents=1_500_001)
    assert beyond.usable is False
    assert "15\u202f000\u202f€" in beyond.reason


def test_an_unknown_amount_leaves_a_ceiling_undecided() -> None:
    found = fit(domain="telemedecine", amount_cents=None)
    assert found.usable is None
    assert found.kind == "order"


def test_an_unknown_amount_does_not_matter_where_there_is_no_ceiling() -> None:
    assert fit(domain="eai", amount_cents=None).usable is True


def test_only_those_named_may_order() -> None:
    assert fit(domain="laboratoire").usable is True
    assert fit(domain="laboratoire", establishment="420002495").usable is False
    assert "peuvent commander" in fit(domain="gestion-documentaire").reason


def test_joining_in_mid_term_is_told_as_a_risk() -> None:
    found = fit(domain="sauvegarde")
    assert found.usable is True
    assert "juridiquement risqué" in found.reason


def test_the_cpv_code_of_the_purchase_narrows_the_scope() -> None:
    assert fit(cpv="48450000-7").usable is True
    assert fit(cpv="48223000").reason == "Aucun accord-cadre saisi ne couvre ce domaine."


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
    assert policy_data.policies().direct_purchase_allowed(establishment, on) is allowed


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
