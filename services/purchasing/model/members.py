"""The GHT around a purchase on a day: who else may be asked, and who runs it."""

from datetime import date
from functools import lru_cache

from services.purchasing.model.market import Agreement, MayOrder
from shared.reference.directory import ght_of, members, support_of


@lru_cache(maxsize=1024)
def others(establishment: str, on: date) -> tuple[str, ...]:
    """The other attested members of the GHT that day (FINESS); none where no GHT is attested."""
    ght = ght_of(establishment, on)
    return () if ght is None else tuple(m.finess for m in members(ght.code, on) if m.finess != establishment)


def buying_with(establishment: str, agreement: Agreement | None, on: date) -> tuple[str, ...]:
    """The other members that may order from an agreement; all of them where nobody has read who may."""
    asked = others(establishment, on)
    if agreement is None or agreement.may_order != MayOrder.LISTED:
        return asked
    return tuple(member for member in asked if member in agreement.orderers)


def support(establishment: str, on: date) -> str:
    """Who runs a purchase: the support establishment (art. L6132-3 CSP), or the establishment itself outside a GHT."""
    found = support_of(establishment, on)
    return establishment if found is None else found.finess
