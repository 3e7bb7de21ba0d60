"""Who acts: every demo account, and colleagues whom the demo lacks: those who asked for what they would decide."""

from hypothesis import strategies as st

from services.review.model.check_kinds import works
from shared.identity.demo import DEMO_ACCOUNTS, EVERYWHERE, SUPPORT
from shared.identity.person import Person, Role

ROANNE = "420780033"

_OTHERS = (
    Person(
        "coordinator-2", "Coordination, aussi demandeur", frozenset({Role.COORDINATOR, Role.REQUESTER}), SUPPORT, "DSI",
        EVERYWHERE,
    ),
    Person(
        "buyer-2", "Acheteur, aussi demandeur", frozenset({Role.BUYER, Role.REQUESTER}), SUPPORT, "Achats", EVERYWHERE
    ),
    Person("buyer-roanne", "Acheteur d’un membre", frozenset({Role.BUYER}), ROANNE, "Achats", frozenset({ROANNE})),
    Person("rssi-roanne", "RSSI d’un membre", frozenset({Role.RSSI}), ROANNE, "DSI", frozenset({ROANNE})),
)  # fmt: skip

PEOPLE: dict[str, Person] = {**{i: a.person for i, a in DEMO_ACCOUNTS.items()}, **{p.id: p for p in _OTHERS}}
"""By account."""


def mostly(*roles: Role) -> st.SearchStrategy[str]:
    """The account of somebody with one of these roles, five times out of six; else of anybody at all."""
    apt = one_with(*roles)
    return st.one_of(apt, apt, apt, apt, apt, st.sampled_from(list(PEOPLE)))


def one_with(*roles: Role) -> st.SearchStrategy[str]:
    """The account of somebody with one of these roles."""
    return st.sampled_from([account for account, person in PEOPLE.items() if person.has(*roles)])


def fit_for(kind: str, requester: str, establishment: str) -> Person:
    """Somebody who may close this check."""
    able = (p for p in PEOPLE.values() if works(p, kind))
    return next(p for p in able if p.id != requester and p.may_see(establishment))
