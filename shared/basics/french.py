"""French typography: dates, times, money, numbers, and the spaces that must not break."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from shared.basics.calendar import local

NARROW = "\u202f"
"""Narrow no-break space: before ; : ! ? » and between groups of three digits."""
NO_BREAK = "\u00a0"

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip

_BEFORE_HIGH = re.compile(r"(?<!\s)[ \u00a0]([;:!?»%€])(?=$|[\s<,.)…\u202f\u00a0»])")
_AFTER_QUOTE = re.compile(r"«[ \u00a0]")
_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0](?=\d{3}(?!\d))")
_COMPARED = re.compile(r"([<≤≥]) (?=\d)")
_HOUR = re.compile(r"(?<=\d) h (?=\d{2}\b)")


def typo(text: str) -> str:
    """Replace the breakable spaces that French typography forbids; adds no space, so addresses stay intact."""
    if not text:
        return text
    fixed = _BEFORE_HIGH.sub(NARROW + r"\1", text)
    fixed = _AFTER_QUOTE.sub("«" + NARROW, fixed)
    fixed = _THOUSANDS.sub(NARROW, fixed)
    fixed = _COMPARED.sub(r"\1" + NO_BREAK, fixed)
    return _HOUR.sub(f"{NO_BREAK}h{NO_BREAK}", fixed)


def _day(value: date | datetime) -> date:
    return local(value).date() if isinstance(value, datetime) else value


def _day_of_month(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def date_long(value: date | datetime) -> str:
    """27 novembre 2026, 1er décembre 2026."""
    day = _day(value)
    return f"{_day_of_month(day)}{NO_BREAK}{MONTHS[day.month - 1]}{NO_BREAK}{day.year}"


def date_short(value: date | datetime) -> str:
    """27/11/2026."""
    return f"{_day(value):%d/%m/%Y}"


def time(value: datetime) -> str:
    """14 h 32, 9 h 05."""
    moment = local(value)
    return f"{moment.hour}{NO_BREAK}h{NO_BREAK}{moment.minute:02}"


def date_time(value: datetime) -> str:
    """27 novembre 2026 à 14 h 32."""
    return f"{date_long(value)} à {time(value)}"


def relative_due(due: date | datetime, now: date | datetime) -> str:
    """En retard de 2 jours, Aujourd’hui, Demain, Dans 3 jours, then the date; counts calendar days in Paris."""
    day, today = _day(due), _day(now)
    days = (day - today).days
    if days < 0:
        return f"En retard de {-days}{NO_BREAK}jour{'s' if days < -1 else ''}"
    if days == 0:
        return "Aujourd’hui"
    if days == 1:
        return "Demain"
    if days <= 6:
        return f"Dans {days}{NO_BREAK}jours"
    return f"{_day_of_month(day)}{NO_BREAK}{MONTHS[day.month - 1]}" + (
        f"{NO_BREAK}{day.year}" if day.year != today.year else ""
    )


def due_kind(due: date | datetime, now: date | datetime) -> str:
    """Kind of tag for a due date: bad when late, warn from the eve, else none."""
    left = _day(due) - _day(now)
    return "bad" if left < timedelta(0) else "warn" if left <= timedelta(days=1) else ""


def number(value: float | Decimal) -> str:
    """1 284, 12,5: groups of three digits with narrow spaces, decimal comma, no trailing zeros."""
    whole, _, decimals = f"{value:,}".partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", NARROW).replace("-", "−") + (f",{decimals}" if decimals else "")


def euros(cents: int) -> str:
    """284 000 € from 28400000; cents are shown only where there are some: 12,50 €."""
    sign = "−" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole:,}".replace(",", NARROW) + (f",{rest:02}" if rest else "") + f"{NARROW}€"


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 dossier, 3 dossiers, 0 dossier: in French the plural starts at two."""
    return f"{number(count)}{NO_BREAK}{one if abs(count) < 2 else many or one + 's'}"


def parse_euros(text: str) -> int:
    """Cents from what people type: « 284 000 », « 1 234,5 € »; raises `ValueError` with a French sentence."""
    digits = re.sub(r"[\s\u202f\u00a0€]", "", text).replace(",", ".")
    if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", digits):
        raise ValueError("Écrivez un montant en euros, par exemple 284 000 ou 1 250,50.")
    return int((Decimal(digits) * 100).to_integral_value())
