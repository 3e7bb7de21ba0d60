"""A GHT (hospital group), its establishments and the dated memberships between the two.

A date or a count that no source gives is `UNKNOWN`, a value of its own: never guessed, never None.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Final, Literal


class Unknown(Enum):
    """A value that no source gives."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN


class Role(StrEnum):
    """The role of an establishment in its GHT."""

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
    """An entity that a GHT names without a known FINESS: shown only, cannot sign in, takes part in no census."""

    ght: str
    name: str
    listed_name: str
    commune: str | None
    role: Role
    source: str


@dataclass(frozen=True, slots=True)
class Directory:
    """The whole directory, indexed; `directory()` returns the one shipped with the product."""

    ghts: dict[str, Ght]
    establishments: dict[str, Establishment]
    memberships: tuple[Membership, ...]
    listed: tuple[ListedEntity, ...]

    def establishment(self, finess: str) -> Establishment:
        """The entity with this FINESS; raises `KeyError`."""
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
