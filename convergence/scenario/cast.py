"""Who plays whom in the demo, the benchmarks and the campaign: the accounts of local mode, by what they may do."""

from shared.identity.demo import DEMO_ACCOUNTS
from shared.identity.person import Role


def _first(role: Role, establishment: str | None = None) -> str:
    for slug, account in DEMO_ACCOUNTS.items():
        if account.person.has(role) and establishment in (None, account.person.establishment):
            return slug
    raise KeyError((role, establishment))


def requester(establishment: str) -> str:
    """The account that asks for software in an establishment (FINESS)."""
    return _first(Role.REQUESTER, establishment)


def contact(establishment: str) -> str:
    """The account that answers censuses for an establishment (FINESS)."""
    return _first(Role.MEMBER_CONTACT, establishment)


COORDINATOR = _first(Role.COORDINATOR)
BUYER = _first(Role.BUYER)
AUDITOR = _first(Role.AUDITOR)
