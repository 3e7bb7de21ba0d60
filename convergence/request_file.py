"""A file of requests: one per line, checked with the very model of the form, every bad line named with its reason."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from convergence.failure import Failure
from services.request.completeness import lacks
from services.request.form import RequestForm
from shared.reference.directory import directory
from shared.web.french import parse_euros
from shared.web.validation import field_errors

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
_OF_FIELD: Final = {field: column for column, field in FIELDS.items()}


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be sent; `reason` is a French sentence."""

    line: int
    reference: str
    column: str
    reason: str


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
    """Every line of the file; raises `Failure` where it is no such file at all."""
    good: list[GoodLine] = []
    bad: list[BadLine] = []
    seen: dict[tuple[str, str], int] = {}
    for line, row in csv_lines(path, COLUMNS, NEEDED):
        if isinstance(row, str):
            bad.append(BadLine(line, "", "", row))
            continue
        wrong = [BadLine(line, row["reference"], column, reason) for column, reason in _wrong(row, seen)]
        if wrong:
            bad += wrong
        else:
            good.append(_good(line, row))
        seen.setdefault((row["establishment"], row["reference"]), line)
    return RequestFile(tuple(good), tuple(bad))


def _wrong(row: Mapping[str, str], seen: Mapping[tuple[str, str], int]) -> Iterator[tuple[str, str]]:
    if not row["reference"]:
        yield "reference", "Donnez une référence à cette ligne : elle la reconnaît d’un envoi à l’autre."
    elif before := seen.get((row["establishment"], row["reference"])):
        yield "reference", f"Cette référence est déjà celle de la ligne {before}."
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


def csv_lines(path: Path, known: Iterable[str], needed: Iterable[str]) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Number and values of each line, or what is wrong with its shape; raises `Failure` for the file as a whole.

    Comma or semicolon, UTF-8 with or without its mark: what spreadsheets write.
    """
    text = _text(path)
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    header = [name.strip() for name in next(reader, [])]
    if missing := [name for name in needed if name not in header]:
        raise Failure(f"{path.name} : il manque les colonnes {', '.join(missing)}.")
    if unknown := [name for name in header if name not in set(known)]:
        raise Failure(f"{path.name} : colonnes inconnues : {', '.join(unknown) or 'sans nom'}.")
    begin = reader.line_num + 1
    try:
        for values in reader:
            line, begin = begin, reader.line_num + 1
            if not any(value.strip() for value in values):
                continue
            if len(values) != len(header):
                yield line, f"{len(header)} valeurs attendues, {len(values)} trouvées : vérifiez les séparateurs."
                continue
            yield line, {name: value.strip() for name, value in zip(header, values, strict=True)}
    except csv.Error as error:
        raise Failure(f"{path.name}, ligne {begin} : ce n’est pas du CSV lisible ({error}).") from None


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Failure(f"{path} ne se lit pas : {error.strerror}.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Failure(f"{path.name}, ligne {line} : le fichier doit être en UTF-8.") from None
