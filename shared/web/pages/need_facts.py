"""How a need reads on the pages of requester, reviewer and buyer: one row for each field of the form, none forgotten."""

from collections.abc import Callable, Iterable
from typing import Any

from shared.basics.french import date_long, euros, number, plural
from shared.contracts.need import FormFields, Reads, reads_of
from shared.contracts.words import label_of
from shared.reference.cpv import codes
from shared.reference.domains import domains

Fact = tuple[str, str]


def need_facts(need: FormFields, *, unfilled: bool = False) -> list[Fact]:
    """Label and value of each field, in the order of the form; title and description stand elsewhere on the page.

    `unfilled`: with the rows of what was left empty, but for those that only matter once they are known.
    """
    return facts_of(need, (field for field in FormFields.model_fields if not reads_of(field).head), unfilled=unfilled)


def facts_of(need: FormFields, fields: Iterable[str], *, unfilled: bool = False) -> list[Fact]:
    """The same of these fields only."""
    rows = []
    for field in fields:
        reads = reads_of(field)
        value = value_in_french(need, field, reads)
        if value or (unfilled and not reads.once_known):
            rows.append((reads.label, value))
    return rows


def value_in_french(need: FormFields, field: str, reads: Reads) -> str:
    """A value as people read it, empty where it is unknown."""
    value: Any = getattr(need, field)
    if value is None or value == "":
        return ""
    told = getattr(need, f"{field}_label", "")
    match reads.form:
        case "word":
            return label_of(reads.words, value, told) if reads.words else told or str(value)
        case "domain":
            known = domains().get(value)
            return known.label if known else told or str(value)
        case "count":
            return plural(value, reads.unit) if reads.unit else number(value)
        case form:
            return _IN_FRENCH[form](value)


def _cpv(written: str) -> str:
    code = codes().get(written)
    return f"{written} ({code.label_fr})" if code else written


def _hours(hours: int) -> str:
    return plural(hours // 24, "jour") if hours >= 48 and hours % 24 == 0 else plural(hours, "heure")


_IN_FRENCH: dict[str, Callable[[Any], str]] = {
    "text": str,
    "cpv": _cpv,
    "day": date_long,
    "hours": _hours,
    "euros": lambda cents: f"{euros(cents)} HT",
    "yes_no": lambda yes: "Oui" if yes else "Non",
}
