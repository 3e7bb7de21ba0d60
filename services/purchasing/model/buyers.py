"""Who may act on a purchase: the buyer of the GHT's support establishment, never on their own request.

Outside any GHT, a buyer acts for their own establishment.
"""

from datetime import datetime

from services.purchasing.model.purchase import Purchase, PurchaseFile, State
from services.purchasing.model.refusals import (
    AlreadyDecided,
    CensusOpen,
    NotABuyer,
    NotOpened,
    OwnRequest,
    PurchaseMoved,
)
from shared.basics.calendar import local
from shared.basics.errors import NotFound
from shared.identity.person import Person, Role
from shared.reference.directory import ght_of


def ensure_shown(purchase: Purchase, revision: int | None) -> None:
    """Raise `PurchaseMoved` where a command replaces something else than what its author saw."""
    if revision is not None and revision != purchase.work.revision:
        raise PurchaseMoved(revision=purchase.work.revision)


def ensure_buyer(person: Person) -> None:
    """Raise NotABuyer for anybody else, before anything is read."""
    if not person.has(Role.BUYER):
        raise NotABuyer(person=person.id)


def purchase_for(file: PurchaseFile, person: Person, now: datetime) -> Purchase:
    """The purchase on which this buyer may act, whatever its state; raises NotFound, NotABuyer, NotOpened or OwnRequest."""
    purchase = file.purchase
    if purchase is None or not person.may_see(purchase.establishment):
        raise NotFound
    if purchase.state is State.CLOSED:
        raise NotOpened
    today = local(now).date()
    own = person.establishment == purchase.establishment
    mine, theirs = ght_of(person.establishment, today), ght_of(purchase.establishment, today)
    # No GHT is attested for either of two establishments: that does not make them members of the same one.
    supports = mine == theirs and mine.support_finess == person.establishment if mine else own
    if not (person.has(Role.BUYER) and supports):
        raise NotABuyer(person=person.id)
    if purchase.known_need.requester == person.id:
        raise OwnRequest
    return purchase


def still_open(purchase: Purchase) -> Purchase:
    """The same purchase, if its route is still to be chosen; raises AlreadyDecided or CensusOpen."""
    if purchase.state is State.DECIDED:
        raise AlreadyDecided
    if purchase.state is State.CENSUS:
        raise CensusOpen
    return purchase
