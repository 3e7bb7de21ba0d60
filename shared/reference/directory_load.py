"""Reads the files of the directory; a line that breaks a rule stops the program with a reason."""

import re
from datetime import date
from pathlib import Path

from shared.reference.files import BadReferenceData, csv_rows
from shared.reference.ght import (
    UNKNOWN,
    Directory,
    Establishment,
    Ght,
    ListedEntity,
    Membership,
    MembershipStatus,
    Role,
    Unknown,
)


def load(folder: Path) -> Directory:
    """Read the four files of a folder; raises BadReferenceData on the first line that breaks a rule."""
    establishments: dict[str, Establishment] = {}
    path = folder / "establishments.csv"
    columns = ("finess", "name", "registered_name", "commune", "commune_code", "source")
    for line, row in csv_rows(path, columns):
        finess = row["finess"]
        if not re.fullmatch(r"[0-9][0-9AB][0-9]{7}", finess):
            raise BadReferenceData(path, line, f"{finess!r} is not a FINESS number of nine characters")
        if finess in establishments:
            raise BadReferenceData(path, line, f"FINESS {finess} stands twice")
        establishments[finess] = Establishment(
            finess,
            row["name"],
            row["registered_name"],
            row["commune"] or None,
            row["commune_code"] or None,
            row["source"],
        )
    ghts = _ghts(folder / "ghts.csv", establishments)
    memberships = _memberships(folder / "memberships.csv", ghts, establishments)
    return Directory(ghts, establishments, memberships, _listed(folder / "listed_without_finess.csv", ghts))


def _ghts(path: Path, establishments: dict[str, Establishment]) -> dict[str, Ght]:
    columns = (
        "code", "name", "support_finess", "registered_count", "announced_count", "composition", "observed_on", "source",
    )  # fmt: skip
    ghts: dict[str, Ght] = {}
    for line, row in csv_rows(path, columns):
        if row["support_finess"] not in establishments:
            raise BadReferenceData(path, line, f"support establishment {row['support_finess']} is not in the directory")
        if row["composition"] not in ("to_reconcile", "partial"):
            raise BadReferenceData(path, line, f"unknown composition {row['composition']!r}")
        try:
            ghts[row["code"]] = Ght(
                row["code"],
                row["name"],
                row["support_finess"],
                UNKNOWN if row["registered_count"] == "unknown" else int(row["registered_count"]),
                UNKNOWN if row["announced_count"] == "unknown" else int(row["announced_count"]),
                "partial" if row["composition"] == "partial" else "to_reconcile",
                _start(row["observed_on"]),
                row["source"],
            )
        except ValueError as error:
            raise BadReferenceData(path, line, str(error)) from error
    return ghts


def _memberships(path: Path, ghts: dict[str, Ght], establishments: dict[str, Establishment]) -> tuple[Membership, ...]:
    columns = ("ght", "finess", "role", "valid_from", "valid_to", "status", "source")
    found: list[Membership] = []
    for line, row in csv_rows(path, columns):
        if row["ght"] not in ghts or row["finess"] not in establishments:
            raise BadReferenceData(path, line, f"unknown GHT {row['ght']!r} or FINESS {row['finess']!r}")
        try:
            membership = Membership(
                row["ght"],
                row["finess"],
                Role(row["role"]),
                _start(row["valid_from"]),
                date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                MembershipStatus(row["status"]),
                row["source"],
            )
        except ValueError as error:
            raise BadReferenceData(path, line, str(error)) from error
        if (membership.role is Role.SUPPORT) != (ghts[membership.ght].support_finess == membership.finess):
            raise BadReferenceData(path, line, "role S and the GHT's support establishment disagree")
        found.append(membership)
    return tuple(found)


def _listed(path: Path, ghts: dict[str, Ght]) -> tuple[ListedEntity, ...]:
    found: list[ListedEntity] = []
    for line, row in csv_rows(path, ("ght", "name", "listed_name", "commune", "role", "source")):
        if row["ght"] not in ghts:
            raise BadReferenceData(path, line, f"unknown GHT {row['ght']!r}")
        found.append(
            ListedEntity(
                row["ght"], row["name"], row["listed_name"], row["commune"] or None, Role(row["role"]), row["source"]
            )
        )
    return tuple(found)


def _start(text: str) -> date | Unknown:
    return UNKNOWN if text == "unknown" else date.fromisoformat(text)
