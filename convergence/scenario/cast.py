"""Who plays whom in the demo: the accounts of local mode, by what they may do."""

from shared.contracts.vocabulary import CheckKind
from shared.identity.demo import DEMO_ACCOUNTS
from shared.identity.person import Role

_WORKS = {
    CheckKind.FUNCTIONAL: Role.REVIEWER_FUNCTIONAL,
    CheckKind.INFRASTRUCTURE: Role.REVIEWER_INFRASTRUCTURE,
    CheckKind.SKILLS: Role.REVIEWER_SKILLS,
    CheckKind.SECURITY: Role.RSSI,
    CheckKind.PRIVACY: Role.DPO,
}


def _first(role: Role, establishment: str | None = None) -> str:
    for slug, account in DEMO_ACCOUNTS.items():
        if account.person.has(role) and establishment in (None, account.person.establishment):
            return slug
    raise KeyError((role, establishment))


def reviewer(kind: CheckKind) -> str:
    """The account that works these checks, in every establishment."""
    return _first(_WORKS[kind])


def contact(establishment: str) -> str:
    """The account that answers censuses for an establishment (FINESS)."""
    return _first(Role.MEMBER_CONTACT, establishment)


COORDINATOR = _first(Role.COORDINATOR)
BUYER = _first(Role.BUYER)
AUDITOR = _first(Role.AUDITOR)
