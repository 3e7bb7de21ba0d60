"""Days on French clocks: a check due on the 27th is late when the 27th has ended in Paris."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def today(now: datetime) -> date:
    """The day that it is in France."""
    return now.astimezone(PARIS).date()


@lru_cache(maxsize=512)
def end_of(day: date) -> datetime:
    """The instant at which this day is over in France, in UTC."""
    return datetime.combine(day + timedelta(days=1), time.min, PARIS).astimezone(UTC)
