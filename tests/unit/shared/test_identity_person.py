"""Who may see what, and that the demo accounts cover every role."""

from shared.identity.demo import DEMO_ACCOUNTS, SUPPORT
from shared.identity.person import REVIEWERS, Person, Role

ROANNE, FIRMINY = "420780033", "420780652"


def person(*roles: Role, sees: frozenset[str] = frozenset({ROANNE})) -> Person:
    return Person("p", "Agent", frozenset(roles), ROANNE, "Pharmacie", sees)


def test_a_requester_sees_their_own_establishment_only() -> None:
    requester = person(Role.REQUESTER)
    assert requester.may_see(ROANNE)
    assert not requester.may_see(FIRMINY)
    assert requester.scope == ROANNE


def test_the_scope_lists_establishments_in_order() -> None:
    assert person(Role.RSSI, sees=frozenset({FIRMINY, ROANNE})).scope == f"{ROANNE},{FIRMINY}"


def test_auditor_coordinator_and_buyer_see_the_whole_group() -> None:
    for role in (Role.AUDITOR, Role.COORDINATOR, Role.BUYER):
        assert person(role).may_see(FIRMINY)
        assert person(role).scope == "*"


def test_nobody_sees_anything_with_an_empty_list() -> None:
    assert person(Role.REQUESTER, sees=frozenset()).scope == ""


def test_every_role_has_a_label_and_a_demo_account() -> None:
    held = {role for account in DEMO_ACCOUNTS.values() for role in account.person.roles}
    assert held == set(Role)
    assert all(role.label for role in Role)


def test_requesters_exist_in_at_least_four_establishments() -> None:
    where = {a.person.establishment for a in DEMO_ACCOUNTS.values() if a.person.has(Role.REQUESTER)}
    assert SUPPORT in where
    assert len(where) >= 4


def test_each_queue_has_a_reviewer_and_a_second_one_who_is_also_a_requester() -> None:
    for role in REVIEWERS:
        holders = [a.person for a in DEMO_ACCOUNTS.values() if a.person.has(role) and a.person.establishment == SUPPORT]
        assert any(not holder.has(Role.REQUESTER) for holder in holders)
        assert any(holder.has(Role.REQUESTER) for holder in holders)
