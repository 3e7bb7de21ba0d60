"""The acting person: roles and establishments. No names, only titles such as "Cadre de santé, bloc opératoire"."""

from dataclasses import dataclass

from shared.basics.errors import Forbidden
from shared.contracts.vocabulary import Role as Role  # noqa: PLC0414  re-exported: persons and roles are imported together

REVIEWERS = frozenset(role for role in Role if role.works)
"""Roles that work a check."""

WHOLE_GHT = frozenset({Role.AUDITOR, Role.COORDINATOR, Role.BUYER})
"""Roles that see every establishment; coordinator and buyer exist at the support establishment only."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the services know them; `establishments` are the FINESS codes whose cases they may see."""

    id: str
    title: str
    roles: frozenset[Role]
    establishment: str
    department: str
    establishments: frozenset[str]

    def has(self, *roles: Role) -> bool:
        """Whether the person holds at least one of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def sees_whole_ght(self) -> bool:
        """Whether the person may see every establishment."""
        return not self.roles.isdisjoint(WHOLE_GHT)

    def may_see(self, establishment: str) -> bool:
        """Whether the person may see cases of this establishment (FINESS)."""
        return establishment in self.establishments or self.sees_whole_ght

    @property
    def scope(self) -> str:
        """Value of `app.establishments` for row-level security: sorted FINESS codes with commas, or `*`."""
        return "*" if self.sees_whole_ght else ",".join(sorted(self.establishments))


def ensure(person: Person, *roles: Role) -> None:
    """Raise `Forbidden` unless the person holds one of the roles."""
    if not person.has(*roles):
        raise Forbidden(person=person.id, needs=[str(role) for role in roles])
