"""The kinds of check: what each implies in a review. Queues, rules, pages and due dates read it here.

A new kind is its word and the role that works it in `shared/contracts/vocabulary.py`, a row here, and its checklist in
`data/checklists/`. The order of the kinds is that of their words.
"""

from collections.abc import Mapping

import msgspec

from shared.contracts.vocabulary import CheckKind, DataClass
from shared.identity.person import Person, Role

ANY_DATA = frozenset(DataClass)
ABOUT_PEOPLE = frozenset({DataClass.PERSONAL, DataClass.HEALTH})
MOST_SENSITIVE = DataClass.HEALTH


class CheckRules(msgspec.Struct, frozen=True):
    """What a kind of check implies: asked of requests with such data (`asked_for`).

    `indispensable`: whose opinion a favourable decision cannot do without, as in "l’avis du RSSI"; empty where the
    coordinator may overrule without it. `judges_reuse`: it says whether a software that the GHT already runs would do.
    """

    asked_for: frozenset[DataClass] = ANY_DATA
    indispensable: str = ""
    judges_reuse: bool = False


CHECK_KINDS: Mapping[str, CheckRules] = {
    CheckKind.FUNCTIONAL: CheckRules(judges_reuse=True),
    CheckKind.INFRASTRUCTURE: CheckRules(),
    CheckKind.SKILLS: CheckRules(),
    CheckKind.SECURITY: CheckRules(indispensable="du RSSI"),
    CheckKind.PRIVACY: CheckRules(ABOUT_PEOPLE, indispensable="du DPO"),
}
ROLES: Mapping[str, Role] = {role.works: role for role in Role if role.works}
"""Who works which queue; nobody else may close its checks."""

_UNKNOWN = CheckRules()
_ORDER: Mapping[str, int] = {kind: place for place, kind in enumerate(CheckKind)}


def rules_of(kind: str) -> CheckRules:
    """What a kind implies; a kind that only a later version knows implies nothing here."""
    return CHECK_KINDS.get(kind, _UNKNOWN)


def place_of(kind: str) -> int:
    """Its place among the checks of a review: kinds of a later version come last."""
    return _ORDER.get(kind, len(_ORDER))


def asked_checks(data: str) -> tuple[CheckKind, ...]:
    """The checks of a request with such data."""
    return tuple(kind for kind in CheckKind if sensitivity(data) in CHECK_KINDS[kind].asked_for)


def sensitivity(data: str) -> DataClass:
    """The class of the data; one that this version does not know counts as the most sensitive."""
    return DataClass.known(data) or MOST_SENSITIVE


def works(person: Person, kind: str) -> bool:
    """Whether this person works the queue of this kind; nobody does where this version does not know it."""
    return ROLES.get(kind) in person.roles
