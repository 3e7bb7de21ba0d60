"""A file of the GHT's software in service: one row per establishment equipped, grouped into entries of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

from convergence.files.csv_file import BadLine, Misshapen, csv_lines
from shared.basics.texts import is_blank, readable
from shared.contracts.events.catalogue_entries import CatalogueEntryPublishedV1, Deployment
from shared.reference.directory import directory
from shared.reference.domains import domains

COLUMNS: Final = (
    "reference", "domain", "product", "vendor", "version", "description", "establishment", "in_service_since", "example",
)  # fmt: skip
NEEDED: Final = ("reference", "domain", "product", "vendor", "establishment")
ENTRIES: Final = UUID("0e9a0d0c-7e0f-5c64-9a55-2a6f5b8b7c10")
"""Namespace of entry ids: the same reference is the same entry, whoever imports it."""
LONGEST: Final = 2000
UNKNOWN: Final = ("unknown", "inconnu", "inconnue")


@dataclass(frozen=True)
class CatalogueFile:
    """A file that was read: entries in the order of their first row."""

    entries: tuple[CatalogueEntryPublishedV1, ...]
    bad: tuple[BadLine, ...]


def read_catalogue(path: Path) -> CatalogueFile:
    """Every row of the file; raises `Failure` where it is no such file at all. An entry with a bad row is left out."""
    rows: dict[str, list[dict[str, str]]] = {}
    seen: dict[tuple[str, str], int] = {}
    bad: list[BadLine] = []
    left_out: set[str] = set()
    for line, row in csv_lines(path, COLUMNS, NEEDED):
        if isinstance(row, Misshapen):
            bad.append(BadLine(line, "", "", row.reason))
            # Any of its values may be the reference: leave out every entry of such a name.
            left_out |= set(row.pieces)
            continue
        first = rows.setdefault(row["reference"], [row])[0]
        bad += [BadLine(line, row["reference"], column, reason) for column, reason in _wrong(row, first)]
        before = seen.setdefault((row["reference"], row["establishment"]), line)
        if before != line and row["establishment"]:
            reason = f"Cet établissement est déjà celui de la ligne {before} pour cette référence."
            bad.append(BadLine(line, row["reference"], "establishment", reason))
        if row is not first:
            rows[row["reference"]].append(row)
    left_out |= {each.reference for each in bad}
    entries = [_entry(reference, group) for reference, group in rows.items() if reference not in left_out]
    return CatalogueFile(tuple(entries), tuple(bad))


def _wrong(row: Mapping[str, str], first: Mapping[str, str]) -> list[tuple[str, str]]:
    wrong = [(column, "Cette information est attendue : complétez-la.") for column in NEEDED if is_blank(row[column])]
    for column, text in row.items():
        if len(text) > LONGEST:
            wrong.append((column, f"Raccourcissez à {LONGEST} caractères au plus."))
        try:
            readable(text)
        except ValueError as error:
            wrong.append((column, str(error)))
    if row["domain"] and row["domain"] not in domains():
        wrong.append(("domain", "Ce domaine n’est pas dans la liste."))
    if row["establishment"] and row["establishment"] not in directory().establishments:
        wrong.append(("establishment", "Ce numéro FINESS n’est pas dans l’annuaire."))
    try:
        _since(row)
    except ValueError:
        wrong.append(("in_service_since", "Écrivez une date, par exemple 2021-03-01, ou rien si elle est inconnue."))
    if any(row.get(column) != first.get(column) for column in ("domain", "product", "vendor", "version")):
        wrong.append(("reference", "Cette référence est celle d’un autre logiciel plus haut dans le fichier."))
    return wrong


def _entry(reference: str, rows: list[dict[str, str]]) -> CatalogueEntryPublishedV1:
    first = rows[0]
    return CatalogueEntryPublishedV1(
        entry_id=uuid5(ENTRIES, reference),
        product=first["product"],
        vendor=first["vendor"],
        domain=first["domain"],
        description=first.get("description", ""),
        version=first.get("version", ""),
        deployments=tuple(Deployment(establishment=row["establishment"], since=_since(row)) for row in rows),
        example=first.get("example", "").lower() in ("yes", "oui", "true", "1"),
    )


def _since(row: Mapping[str, str]) -> date | None:
    text = row.get("in_service_since", "")
    return date.fromisoformat(text) if text and text not in UNKNOWN else None
