"""French typography: spaces that must not break, dates, money."""

from datetime import UTC, date, datetime

import pytest
from jinja2 import Environment
from markupsafe import Markup

from shared.basics import french
from shared.web.pages import typography

N, B = french.NARROW, french.NO_BREAK


@pytest.mark.parametrize(
    ("plain", "set_in_french"),
    [
        ("Que faire ?", f"Que faire{N}?"),
        ("Attention : lisez ; puis agissez !", f"Attention{N}: lisez{N}; puis agissez{N}!"),
        ("« Exemple A » couvre", f"«{N}Exemple A{N}» couvre"),
        ("284 000 € HT", f"284{N}000{N}€ HT"),
        ("66 % de l’activité", f"66{N}% de l’activité"),
        ("à 14 h 32", f"à 14{B}h{B}32"),
        ("et < 216 000 € HT", f"et <{B}216{N}000{N}€ HT"),
        ("https://exemple.fr:8001/a?b=1", "https://exemple.fr:8001/a?b=1"),
        ("", ""),
    ],
)
def test_spaces_that_must_not_break(plain: str, set_in_french: str) -> None:
    assert french.typo(plain) == set_in_french


def test_safe_markup_stays_safe_and_text_stays_text() -> None:
    assert isinstance(typography.typo(Markup("<b>Prêt ?</b>")), Markup)
    assert not isinstance(typography.typo("Prêt ?"), Markup)


def test_templates_get_french_spaces_in_their_text_but_not_in_their_code() -> None:
    template = Environment(extensions=[typography.FrenchTypography], autoescape=True).from_string(
        "<p>Prêt ?</p>« {{ 'a ?' if x else 'b' }} »"
    )
    assert template.render(x=True) == f"<p>Prêt{N}?</p>«{N}a ?{N}»"


def test_dates_are_written_out() -> None:
    assert french.date_long(date(2026, 11, 27)) == f"27{B}novembre{B}2026"
    assert french.date_long(date(2026, 12, 1)) == f"1er{B}décembre{B}2026"
    assert french.date_short(date(2026, 12, 1)) == "01/12/2026"


def test_moments_are_shown_on_paris_clocks() -> None:
    late = datetime(2026, 7, 31, 22, 5, tzinfo=UTC)
    assert french.time(late) == f"0{B}h{B}05"
    assert french.date_time(late) == f"1er{B}août{B}2026 à 0{B}h{B}05"


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        french.time(datetime(2026, 1, 1))  # noqa: DTZ001  the case under test


@pytest.mark.parametrize(
    ("due", "said", "kind"),
    [
        (date(2026, 11, 20), f"En retard de 2{B}jours", "bad"),
        (date(2026, 11, 21), f"En retard de 1{B}jour", "bad"),
        (date(2026, 11, 22), "Aujourd’hui", "warn"),
        (date(2026, 11, 23), "Demain", "warn"),
        (date(2026, 11, 25), f"Dans 3{B}jours", ""),
        (date(2026, 12, 1), f"1er{B}décembre", ""),
        (date(2027, 1, 4), f"4{B}janvier{B}2027", ""),
    ],
)
def test_a_due_date_speaks_before_it_is_late(due: date, said: str, kind: str) -> None:
    today = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    assert french.relative_due(due, today) == said
    assert french.due_kind(due, today) == kind


@pytest.mark.parametrize(
    ("cents", "shown"),
    [(28_400_000, f"284{N}000{N}€"), (1_250, f"12,50{N}€"), (0, f"0{N}€"), (-100_000, f"−1{N}000{N}€")],
)
def test_money_is_shown_in_euros(cents: int, shown: str) -> None:
    assert french.euros(cents) == shown


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("284 000", 28_400_000), ("1 234,5 €", 123_450), (f"60{N}000{N}€", 6_000_000), ("12.05", 1_205)],
)
def test_money_is_read_as_people_type_it(typed: str, cents: int) -> None:
    assert french.parse_euros(typed) == cents


@pytest.mark.parametrize("typed", ["", "douze", "-5", "1,234", "1e9"])
def test_what_is_not_money_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValueError, match="par exemple"):
        french.parse_euros(typed)


def test_numbers_and_plurals() -> None:
    assert french.number(1_284) == f"1{N}284"
    assert french.number(12.5) == "12,5"
    assert french.plural(1, "dossier") == f"1{B}dossier"
    assert french.plural(0, "dossier") == f"0{B}dossier"
    assert french.plural(2, "journal", "journaux") == f"2{B}journaux"
