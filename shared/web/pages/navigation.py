"""The main menu: one site over all services, each entry shown to the roles that need it."""

from dataclasses import dataclass

from shared.identity.person import REVIEWERS, Person, Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One menu entry: `paths` are the address prefixes under which it is the current one."""

    label: str
    service: str
    path: str
    roles: frozenset[Role]
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A menu entry as shown to one person on one page."""

    label: str
    href: str
    current: bool


EVERYONE = frozenset(Role)
ASKING = frozenset({Role.REQUESTER, Role.BUSINESS_REFERENT})
ENTRIES = (
    Entry("Accueil", "request", "/", EVERYONE, ()),
    Entry("Mes demandes", "request", "/demandes", ASKING, ("/demandes",)),
    Entry("Les demandes", "request", "/demandes", frozenset({Role.AUDITOR}), ("/demandes",)),
    Entry(
        "Messages mis de côté",
        "request",
        "/demandes/messages",
        frozenset({Role.PLATFORM_OPERATOR}),
        ("/demandes/messages", "/instruction/messages", "/achats/messages"),
    ),
    Entry("Catalogue", "request", "/demandes/catalogue", EVERYONE, ("/demandes/catalogue",)),
    Entry(
        "Instruction",
        "review",
        "/instruction",
        REVIEWERS | {Role.COORDINATOR, Role.AUDITOR},
        ("/instruction",),
    ),
    Entry(
        "Achats",
        "purchasing",
        "/achats",
        frozenset({Role.BUYER, Role.MEMBER_CONTACT, Role.AUDITOR}),
        ("/achats",),
    ),
)


def menu(person: Person | None, path: str, bases: dict[str, str]) -> list[Link]:
    """The entries of this person, the current one marked."""
    if person is None:
        return []
    return [
        Link(
            entry.label,
            bases[entry.service] + entry.path,
            path == entry.path or any(path.startswith(prefix) for prefix in entry.paths),
        )
        for entry in ENTRIES
        if person.has(*entry.roles)
    ]
