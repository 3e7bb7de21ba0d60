"""Thresholds: dated rows, each with its source, and no silent guess."""

from datetime import date
from pathlib import Path

import pytest

from services.purchasing.model.routing.thresholds import PATH, NoThreshold, book, load, threshold
from shared.reference.files import BadReferenceData


@pytest.mark.parametrize(
    ("on", "cents"),
    [(date(2026, 3, 31), 4_000_000), (date(2026, 4, 1), 6_000_000), (date(2030, 1, 1), 6_000_000)],
)
def test_the_exemption_changes_on_the_first_of_april_2026(on: date, cents: int) -> None:
    assert threshold("competition_exemption", on).value_cents == cents


@pytest.mark.parametrize(("on", "cents"), [(date(2025, 12, 31), 22_100_000), (date(2026, 1, 1), 21_600_000)])
def test_the_formal_procedure_changes_with_the_year_2026(on: date, cents: int) -> None:
    row = threshold("formal_procedure", on)
    assert row.value_cents == cents
    assert row.confidence == "inferred"


def test_a_day_that_no_row_covers_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(NoThreshold, match="formal_procedure is known for 2028-01-01: add a dated row"):
        threshold("formal_procedure", date(2028, 1, 1))


def test_an_unknown_start_is_not_told_as_a_date() -> None:
    words = threshold("competition_exemption", date(2026, 1, 1)).in_words.replace("\u202f", " ").replace("\u00a0", " ")
    assert words == (
        "40 000 € HT, seuil de dispense en vigueur jusqu’au 31 mars 2026 (art. R2122-8 du code de la commande publique)"
    )


def test_every_fact_has_a_source() -> None:
    assert all(row.source for row in (*book().thresholds, *book().rules))


def test_two_rows_that_count_on_the_same_day_are_refused(tmp_path: Path) -> None:
    bad = tmp_path / "thresholds.json"
    text = PATH.read_text(encoding="utf-8")
    bad.write_text(text.replace('"valid_to": "2026-03-31"', '"valid_to": "2026-04-01"'), encoding="utf-8")
    with pytest.raises(BadReferenceData, match="same day"):
        load(bad)
