"""Who may act on which check: the rules that every act begins with."""

from services.review.model.check_kinds import works
from services.review.model.refusals import CheckClosed, HeldByAnother, OtherQueue, OwnRequest, ReviewWithdrawn
from services.review.model.review import Check, Review
from shared.basics.errors import NotFound
from shared.identity.person import Person, Role

NOBODY: frozenset[str] = frozenset()


def seen(review: Review | None, person: Person) -> Review:
    """The review, for somebody who may see its establishment; to others it does not exist."""
    if review is None or not person.may_see(review.establishment):
        raise NotFound
    return review


def of_kind(review: Review, kind: str) -> Check:
    """The check of this kind; the privacy check only exists where data are personal."""
    check = review.check(kind)
    if check is None:
        raise NotFound("Cette demande n’a pas de volet de cette sorte.")
    return check


def found(review: Review | None, person: Person, kind: str) -> tuple[Review, Check]:
    """The review and its check, for somebody who works its queue; raises `OtherQueue` or `NotFound`."""
    if not works(person, kind):
        raise OtherQueue(kind=kind)
    review = seen(review, person)
    return review, of_kind(review, kind)


def ensure_coordinates(person: Person) -> None:
    """Refuse those who do not coordinate the DSI."""
    if Role.COORDINATOR not in person.roles:
        raise OtherQueue("Seule la coordination de la DSI peut faire cela.")


def ensure_may_work(review: Review, check: Check, person: Person, standing_in: frozenset[str]) -> None:
    """Refuse unless this person may act on this check now. `standing_in`: absent colleagues whom they replace."""
    if review.status == "withdrawn":
        raise ReviewWithdrawn
    if check.closed:
        raise CheckClosed
    if review.requester == person.id:
        raise OwnRequest
    if check.holder is not None and check.holder != person.id and check.holder not in standing_in:
        raise HeldByAnother(f"Ce volet est pris par : {check.holder_title}.", holder=check.holder)
