"""The directory of GHT (hospital groups), their establishments and the dated memberships between the two.

A date or a count that nobody has read in a source is `UNKNOWN`, a value of its own: never guessed, never taken for "none".
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from shared.reference.files import DATA, BadReferenceData, csv_rows


class Unknown(Enum):
    """What no source says."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN


class Role(StrEnum):
    """What an establishment is in its GHT."""

    SUPPORT = "S"
    MEMBER = "M"
    UNKNOWN = "unknown"


class MembershipStatus(StrEnum):
    """How well a membership is attested."""

    PUBLISHED = "published"  # in the official register
    ANNOUNCED = "announced"  # on the GHT's own site
    UNVERIFIED = "unverified"  # nothing attests it: not counted as a member


@dataclass(frozen=True, slots=True)
class Ght:
    """A GHT; its registered and announced counts may differ, and both are kept."""

    code: str
    name: str
    support_finess: str
    registered_count: int | Unknown
    announced_count: int | Unknown
    composition: Literal["to_reconcile", "partial"]
    observed_on: date | Unknown
    source: str


@dataclass(frozen=True, slots=True)
class Establishment:
    """A legal entity of the FINESS register (entité juridique)."""

    finess: str
    name: str
    registered_name: str
    commune: str | None
    commune_code: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Membership:
    """One establishment in one GHT; an unknown start does not exclude any date, no end means still in force."""

    ght: str
    finess: str
    role: Role
    valid_from: date | Unknown
    valid_to: date | None
    status: MembershipStatus
    source: str

    def in_force(self, on: date) -> bool:
        started = self.valid_from is UNKNOWN or self.valid_from <= on
        return started and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class ListedEntity:
    """An entity that a GHT names but whose FINESS nobody has read: shown, never signed in, never consulted."""

    ght: str
    name: str
    listed_name: str
    commune: str | None
    role: Role
    source: str


@dataclass(frozen=True, slots=True)
class Directory:
    """All of it, indexed; the module functions below read the one shipped with the product."""

    ghts: dict[str, Ght]
    establishments: dict[str, Establishment]
    memberships: tuple[Membership, ...]
    listed: tuple[ListedEntity, ...]

    def establishment(self, finess: str) -> Establishment:
        """The entity of this FINESS; KeyError when the directory does not hold it."""
        return self.establishments[finess]

    def membership_of(self, finess: str, on: date) -> Membership | None:
        """The attested membership of that day, if any."""
        return next(
            (m for m in self._attested(on) if m.finess == finess),
            None,
        )

    def ght_of(self, finess: str, on: date) -> Ght | None:
        """The GHT of an establishment that day; None when none is attested."""
        membership = self.membership_of(finess, on)
        return None if membership is None else self.ghts[membership.ght]

    def support_of(self, finess: str, on: date) -> Establishment | None:
        """The support establishment of the GHT of that day (it plans and awards: art. L6132-3 CSP)."""
        ght = self.ght_of(finess, on)
        return None if ght is None else self.establishments[ght.support_finess]

    def members(self, ght: str, on: date) -> tuple[Establishment, ...]:
        """Attested members of that day, support establishment first, then by name."""
        found = [m for m in self._attested(on) if m.ght == ght]
        found.sort(key=lambda m: (m.role is not Role.SUPPORT, self.establishments[m.finess].name))
        return tuple(self.establishments[m.finess] for m in found)

    def _attested(self, on: date) -> list[Membership]:
        return [m for m in self.memberships if m.status is not MembershipStatus.UNVERIFIED and m.in_force(on)]


@lru_cache(maxsize=1)
def directory() -> Directory:
    """The directory shipped with the product, read and checked once."""
    return load(DATA)


def establishment(finess: str) -> Establishment:
    """The entity of this FINESS; KeyError when the directory does not hold it."""
    return directory().establishment(finess)


@lru_cache(maxsize=1024)
def ght_of(finess: str, on: date) -> Ght | None:
    """The GHT of an establishment that day; None when none is attested."""
    return directory().ght_of(finess, on)


@lru_cache(maxsize=1024)
def support_of(finess: str, on: date) -> Establishment | None:
    """The support establishment of the GHT of that day."""
    return directory().support_of(finess, on)


@lru_cache(maxsize=1024)
def members(ght: str, on: date) -> tuple[Establishment, ...]:
    """Attested members of that day, support establishment first, then by name; empty for an unknown GHT."""
    return directory().members(ght, on)


def listed_without_finess(ght: str) -> tuple[ListedEntity, ...]:
    """Entities that the GHT names without a FINESS that we could read."""
    return tuple(entity for entity in directory().listed if entity.ght == ght)


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
