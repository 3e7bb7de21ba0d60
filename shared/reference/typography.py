"""Amounts and dates as a French reader expects them, with narrow no-break spaces."""

import unicodedata
from datetime import date
from functools import lru_cache

NARROW = "\u202f"
_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


@lru_cache(maxsize=4096)
def euros(cents: int) -> str:
    """An amount in cents as text: 28400000 gives « 284 000 € »; cents are shown only when there are some."""
    whole, rest = divmod(abs(cents), 100)
    text = f"{whole:,}".replace(",", NARROW)
    if rest:
        text += f",{rest:02d}"
    return f"{'−' if cents < 0 else ''}{text}{NARROW}€"


@lru_cache(maxsize=1024)
def long_date(day: date) -> str:
    """A day in full: « 1er avril 2026 »."""
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"


def folded(text: str) -> str:
    """Lower case without accents or ligatures, for comparing what people type."""
    text = text.replace("œ", "oe").replace("Œ", "oe").replace("’", "'")
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
