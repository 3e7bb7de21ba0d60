"""Timestamps of the APIs (ISO 8601, UTC) in French local time."""

from datetime import datetime

from shared.basics.calendar import local
from shared.basics.french import date_short


def when(moment: str | None) -> str:
    """27/11/2026 14:32:05 in Paris."""
    return f"{day(moment)} {clock(moment)}" if moment else "date inconnue"


def day(moment: str) -> str:
    """27/11/2026 in Paris."""
    return date_short(datetime.fromisoformat(moment))


def clock(moment: str) -> str:
    """14:32:05 in Paris."""
    return f"{local(datetime.fromisoformat(moment)):%H:%M:%S}"
