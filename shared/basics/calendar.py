"""French calendar days: today, the end of a day, working days (without the two extra holidays of Alsace-Moselle).

A check due on the 27th is late once the 27th is over in Paris; due dates are counted in working days.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
_SATURDAY = 5
_DAY = timedelta(days=1)


def local(moment: datetime) -> datetime:
    """The same instant in French local time; raises `ValueError` without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone cannot be shown")
    return moment.astimezone(PARIS)


def today(now: datetime) -> date:
    """Today's date in France."""
    return local(now).date()


@lru_cache(maxsize=512)
def end_of(day: date) -> datetime:
    """The end of this day in France, in UTC."""
    return datetime.combine(day + _DAY, time.min, PARIS).astimezone(UTC)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of one year (art. L3133-1 du code du travail)."""
    import holidays

    return frozenset(holidays.country_holidays("FR", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday, public holidays left out."""
    return day.weekday() < _SATURDAY and day not in public_holidays(day.year)


def add_working_days(start: date, n: int) -> date:
    """The nth working day after start, before it if n is negative; start itself, working day or not, for n = 0."""
    step = _DAY if n >= 0 else -_DAY
    day, left = start, abs(n)
    while left:
        day += step
        if is_working_day(day):
            left -= 1
    return day


def working_days_between(a: date, b: date) -> int:
    """The number of working days after a, up to and including b; negative if b is before a."""
    if b < a:
        return -working_days_between(b, a)
    return sum(is_working_day(a + timedelta(days=offset)) for offset in range(1, (b - a).days + 1))
