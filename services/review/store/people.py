"""Who can be chosen as a reviewer. Local mode knows the demo accounts; a directory comes with OpenID Connect."""

from services.review.model.check_kinds import works
from shared.identity.demo import DEMO_ACCOUNTS
from shared.identity.person import REVIEWERS, Person


def reviewers(kind: str | None = None) -> list[Person]:
    """Those who work a queue, or this one, by title."""
    people = (account.person for account in DEMO_ACCOUNTS.values())
    able = (person for person in people if (person.has(*REVIEWERS) if kind is None else works(person, kind)))
    return sorted(able, key=lambda person: (person.title, person.id))


def reviewer(account: str) -> Person | None:
    """The reviewer of this account, or None."""
    return next((person for person in reviewers() if person.id == account), None)


def title(account: str) -> str:
    """What to call them on a screen."""
    known = reviewer(account)
    return known.title if known else account
