"""French working days, at the edges where a naive count goes wrong."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.basics.calendar import add_working_days, is_working_day, public_holidays, working_days_between

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 4, 3), True),  # Good Friday is only free in Alsace-Moselle
        (date(2026, 5, 1), False),
        (date(2026, 5, 14), False),  # Ascension
        (date(2026, 5, 25), False),  # Whit Monday
        (date(2026, 12, 26), False),  # a Saturday
        (date(2025, 12, 26), True),  # a Friday: free in Alsace-Moselle alone
        (date(2026, 11, 11), False),
        (date(2026, 11, 12), True),
    ],
)
def test_a_working_day_is_monday_to_friday_without_public_holidays(day: date, working: bool) -> None:
    assert is_working_day(day) is working


def test_a_due_date_jumps_over_easter_monday() -> None:
    assert add_working_days(date(2026, 4, 2), 2) == date(2026, 4, 7)


def test_a_due_date_jumps_over_the_first_of_may() -> None:
    assert add_working_days(date(2026, 4, 30), 1) == date(2026, 5, 4)


def test_a_due_date_crosses_the_year() -> None:
    assert add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)


def test_counting_back_gives_the_day_before() -> None:
    assert add_working_days(date(2026, 5, 4), -1) == date(2026, 4, 30)


def test_a_metropolitan_year_has_eleven_public_holidays() -> None:
    assert len(public_holidays(2026)) == 11


@given(start=DAYS, n=st.integers(min_value=1, max_value=60))
def test_adding_then_counting_gives_the_number_back(start: date, n: int) -> None:
    due = add_working_days(start, n)
    assert is_working_day(due)
    assert working_days_between(start, due) == n
    assert working_days_between(due, start) == -n


@given(a=DAYS, days=st.integers(min_value=0, max_value=400))
def test_a_span_never_holds_more_working_days_than_days(a: date, days: int) -> None:
    assert 0 <= working_days_between(a, a + timedelta(days=days)) <= days
