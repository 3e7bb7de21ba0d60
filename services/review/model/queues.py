"""Which queues a person may look into, and what they are looking for there."""

from collections.abc import Sequence

from services.review.model.refusals import OtherQueue
from services.review.model.review import QUEUE_ROLES
from shared.contracts.vocabulary import CheckKind
from shared.identity.person import Person, Role

SEES_ALL = (Role.COORDINATOR, Role.AUDITOR)


def own_queues(person: Person) -> tuple[CheckKind, ...]:
    """The queues that this person works."""
    return tuple(kind for kind, role in QUEUE_ROLES.items() if role in person.roles)


def open_queues(person: Person) -> tuple[CheckKind, ...]:
    """The queues that this person may look into; raises `OtherQueue` where there are none."""
    kinds = tuple(QUEUE_ROLES) if person.has(*SEES_ALL) else own_queues(person)
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
