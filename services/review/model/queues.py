"""Which queues a person may look into, and how one stands."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import astuple

from services.review.model.check_kinds import works
from services.review.model.refusals import OtherQueue
from shared.contracts.vocabulary import CheckKind
from shared.identity.person import Person, Role

SEES_ALL = (Role.COORDINATOR, Role.AUDITOR)


class Counts(msgspec.Struct, frozen=True):
    """How a queue stands: checks open, to take, waiting for the requester, late, due this week, mine."""

    open: int = 0
    to_take: int = 0
    waiting: int = 0
    late: int = 0
    this_week: int = 0
    mine: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


def own_queues(person: Person) -> tuple[CheckKind, ...]:
    """The queues that this person works."""
    return tuple(kind for kind in CheckKind if works(person, kind))


def open_queues(person: Person) -> tuple[CheckKind, ...]:
    """The queues that this person may look into; raises `OtherQueue` where there are none."""
    kinds = tuple(CheckKind) if person.has(*SEES_ALL) else own_queues(person)
    if not kinds:
        raise OtherQueue("Votre rôle n’a pas de file d’instruction.")
    return kinds


def chosen_queues(person: Person, kind: CheckKind | None) -> Sequence[CheckKind]:
    """This queue, or all that are open to the person; raises `OtherQueue`."""
    kinds = open_queues(person)
    if kind is None:
        return kinds
    if kind not in kinds:
        raise OtherQueue(kind=kind)
    return (kind,)
