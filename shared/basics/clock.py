"""The current time, read once where a call comes in and passed on as an argument."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)
