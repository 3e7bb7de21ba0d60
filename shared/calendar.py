"""French working days (metropolitan France, without the two days of Alsace-Moselle): due dates count in these."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

_SATURDAY = 5
_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of one year (art. L3133-1 du code du travail)."""
    return frozenset(holidays.country_holidays("FR", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday, public holidays left out."""
    return day.weekday() < _SATURDAY and day not in public_holidays(day.year)


def add_working_days(start: date, n: int) -> date:
    """The nth working day after start (before it when n is negative); n = 0 gives start itself, working or not."""
    step = _DAY if n >= 0 else -_DAY
    day, left = start, abs(n)
    while left:
        day += step
        if is_working_day(day):
            left -= 1
    return day


def working_days_between(a: date, b: date) -> int:
    """How many working days lie after a, up to b included; negative when b is before a."""
    if b < a:
        return -working_days_between(b, a)
    return sum(is_working_day(a + timedelta(days=offset)) for offset in range(1, (b - a).days + 1))
