"""Who reads what: buyers, coordinators and auditors the purchases; members of the GHT what they are asked."""

from typing import Final

from shared.identity.person import Person, Role, ensure

READERS: Final = (Role.BUYER, Role.COORDINATOR, Role.AUDITOR)


def ensure_reader(person: Person) -> None:
    """Raise Forbidden for those who see nothing of purchasing."""
    ensure(person, *READERS)


def may_read(person: Person) -> bool:
    """Whether the purchases are open to the person."""
    return person.has(*READERS)
