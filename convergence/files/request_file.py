"""A file of requests: one per line, checked with the very model of the form, every bad line named with its reason."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from convergence.files.csv_file import BadLine, Misshapen, csv_lines
from services.request.model.completeness import lacks
from services.request.model.form import RequestForm
from shared.basics.french import parse_euros
from shared.basics.texts import is_blank
from shared.reference.directory import directory
from shared.web.http.validation import field_errors

FIELDS: Final[Mapping[str, str]] = {
    "kind": "kind",
    "title": "title",
    "need": "description",
    "domain": "domain",
    "department": "department",
    "users": "users",
    "sites": "sites",
    "replaces": "replaces",
    "data": "data",
    "care_stops": "care_stops",
    "max_downtime_hours": "max_downtime_hours",
    "wished_on": "wished_on",
    "urgency": "urgency",
    "urgency_reason": "urgency_reason",
    "known_products": "known_products",
    "estimated_amount_eur": "estimated_amount_cents",
    "cpv": "cpv",
    "current_supplier": "current_supplier",
    "contract_ends_on": "contract_ends_on",
    "sole_supplier_reason": "sole_supplier_reason",
}
"""Columns of the file, and the fields of the form that they fill."""
NEEDED: Final = ("reference", "establishment", "kind", "title", "need", "domain", "data", "care_stops")
COLUMNS: Final = ("reference", "establishment", *FIELDS)
LONGEST_REFERENCE: Final = 200
_BROKEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]").search
"""Characters that break a reference over lines or hide in it."""
_OF_FIELD: Final = {field: column for column, field in FIELDS.items()}


@dataclass(frozen=True)
class GoodLine:
    """A line that may be sent."""

    line: int
    reference: str
    establishment: str
    body: dict[str, Any]


@dataclass(frozen=True)
class RequestFile:
    """A file that was read."""

    good: tuple[GoodLine, ...]
    bad: tuple[BadLine, ...]


def read_requests(path: Path) -> RequestFile:
    """Every line of the file; raises `Failure` where it is no such file at all, or where its lines cannot be told apart."""
    good: list[GoodLine] = []
    bad: list[BadLine] = []
    seen: dict[tuple[str, str], int] = {}
    for line, row in csv_lines(path, COLUMNS, NEEDED):
        if isinstance(row, Misshapen):
            bad.append(BadLine(line, "", "", row.reason))
            continue
        wrong = [BadLine(line, row["reference"], column, reason) for column, reason in _wrong(row, seen)]
        if wrong:
            bad += wrong
        else:
            good.append(_good(line, row))
        seen.setdefault((row["establishment"], row["reference"]), line)
    return RequestFile(tuple(good), tuple(bad))


def _wrong(row: Mapping[str, str], seen: Mapping[tuple[str, str], int]) -> Iterator[tuple[str, str]]:
    if is_blank(row["reference"]):
        yield "reference", "Donnez une référence à cette ligne : elle la reconnaît d’un envoi à l’autre."
    elif before := seen.get((row["establishment"], row["reference"])):
        yield "reference", f"Cette référence est déjà celle de la ligne {before}."
    elif _BROKEN(row["reference"]):
        yield "reference", "Une référence tient sur une ligne, sans caractère invisible : récrivez-la."
    elif len(row["reference"]) > LONGEST_REFERENCE:
        yield "reference", f"Raccourcissez la référence à {LONGEST_REFERENCE} caractères au plus."
    if row["establishment"] not in directory().establishments:
        yield "establishment", "Ce numéro FINESS n’est pas dans l’annuaire du GHT."
    typed, wrong = _typed(row)
    yield from wrong
    try:
        form = RequestForm.model_validate(typed)
    except ValidationError as error:
        for each in field_errors(error.errors(include_url=False)):
            yield _column(each.field), each.message
        return
    unread = {column for column, _ in wrong}
    for missing in lacks(form):
        if _column(missing.field) not in unread:
            yield _column(missing.field), missing.message


def _good(line: int, row: Mapping[str, str]) -> GoodLine:
    form = RequestForm.model_validate(_typed(row)[0])
    body = form.model_dump(mode="json", exclude_defaults=True)
    return GoodLine(line, row["reference"], row["establishment"], body)


def _typed(row: Mapping[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The fields as the form takes them: dates, amounts and yes or no as people write them in tables."""
    typed: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    for column, field in FIELDS.items():
        text = row.get(column, "")
        if not text:
            continue
        try:
            typed[field] = _READERS.get(column, str)(text)
        except ValueError as error:
            wrong.append((column, str(error)))
    return typed, wrong


def _yes_or_no(text: str) -> bool:
    known = {"yes": True, "oui": True, "true": True, "1": True, "no": False, "non": False, "false": False, "0": False}
    if text.lower() not in known:
        raise ValueError("Répondez par oui ou par non.")
    return known[text.lower()]


def _day(text: str) -> date:
    """2027-03-31 or 31/03/2027."""
    try:
        if "/" in text:
            day, month, year = text.split("/")
            return date(int(year), int(month), int(day))
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"« {text} » n’est pas une date : écrivez par exemple 2027-03-31.") from None


_READERS: Final[Mapping[str, Any]] = {
    "care_stops": _yes_or_no,
    "wished_on": _day,
    "contract_ends_on": _day,
    "estimated_amount_eur": parse_euros,
}


def _column(field: str) -> str:
    return _OF_FIELD.get(field.partition(".")[0], field)
