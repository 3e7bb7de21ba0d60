"""The directory shipped with the product: the GHT of an establishment on a date, its members, its support establishment."""

from datetime import date
from functools import lru_cache

from shared.reference.directory_load import load
from shared.reference.files import DATA
from shared.reference.ght import (
    UNKNOWN,
    Directory,
    Establishment,
    Ght,
    ListedEntity,
    Membership,
    MembershipStatus,
    Role,
)

__all__ = [
    "UNKNOWN", "Directory", "Establishment", "Ght", "ListedEntity", "Membership", "MembershipStatus", "Role",
    "directory", "establishment", "ght_of", "load", "members", "support_of",
]  # fmt: skip


@lru_cache(maxsize=1)
def directory() -> Directory:
    """The directory shipped with the product, read and validated once."""
    return load(DATA)


def establishment(finess: str) -> Establishment:
    """The entity with this FINESS; raises `KeyError`."""
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
