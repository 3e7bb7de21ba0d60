"""Who can be chosen as a reviewer. Local mode knows the demo accounts; a directory comes with OpenID Connect."""

from services.review.model.review import QUEUE_ROLES
from shared.contracts.vocabulary import CheckKind
from shared.identity.demo import DEMO_ACCOUNTS
from shared.identity.person import REVIEWERS, Person


def reviewers(kind: CheckKind | None = None) -> list[Person]:
    """Those who work a queue, or this one, by title."""
    wanted = REVIEWERS if kind is None else {QUEUE_ROLES[kind]}
    found = (account.person for account in DEMO_ACCOUNTS.values() if account.person.has(*wanted))
    return sorted(found, key=lambda person: (person.title, person.id))


def reviewer(account: str) -> Person | None:
    """The reviewer of this account, or None."""
    return next((person for person in reviewers() if person.id == account), None)


def title(account: str) -> str:
    """What to call them on a screen."""
    known = reviewer(account)
    return known.title if known else account
