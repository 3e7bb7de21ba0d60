"""What the forms of purchasing share: an act whose refusal is shown on its form, and the purchase that a page is about."""

from collections.abc import Awaitable
from typing import TypeVar
from uuid import UUID

from services.purchasing.model.purchase import Purchase
from services.purchasing.store.reads import purchase_get
from shared.basics.errors import NotFound, Refusal
from shared.basics.french import euros
from shared.database.postgres import Db
from shared.web.pages.forms import Form

T = TypeVar("T")


async def tried(form: Form, act: Awaitable[T]) -> T | None:
    """What an act answers, or None with its refusal on the form; "not yours" and "not found" have pages of their own."""
    try:
        return await act
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        form.refuse(refusal)
        return None


async def shown_purchase(db: Db, case_id: UUID) -> Purchase:
    """The purchase of a page; raises NotFound where there is none, or none that was opened."""
    purchase = await purchase_get(db, case_id)
    if purchase is None or purchase.need is None:
        raise NotFound
    return purchase


def typed(cents: int | None) -> str:
    """An amount as it stands in a field: « 284 000 »."""
    return "" if cents is None else euros(cents).removesuffix("\u202f€")
