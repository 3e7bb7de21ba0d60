"""What a service gets back of a state that it saved: written and read as its store does."""

from collections.abc import Callable
from typing import Any

import msgspec

from services.purchasing.model.purchase import PurchaseFile
from services.purchasing.model.purchase import Review as Reviewed
from services.purchasing.model.purchase import Work as PurchaseWork
from services.request.model.follow_up import Stage
from services.request.model.form import EMPTY, form_text
from services.request.model.request import Request
from services.request.store.requests import follow_up_from, form_from
from services.review.model.review import Check, Outlook, Review
from shared.contracts.need import Need


def request_kept(request: Request | None) -> Request | None:
    """The form of a sent request is not read again: no decision needs it."""
    if request is None:
        return None
    form = form_from(form_text(request.form)) if request.stage is Stage.DRAFT else EMPTY
    follow_up = follow_up_from(msgspec.json.encode(request.follow_up).decode())
    assert follow_up == request.follow_up
    return msgspec.structs.replace(request, form=form, follow_up=follow_up, equipped=(), added=(), removed=())


def review_kept(review: Review | None) -> Review | None:
    """Each check and the outlook are documents of their own."""
    if review is None:
        return None
    checks = tuple(_again(check, Check) for check in review.checks)
    return msgspec.structs.replace(review, checks=checks, outlook=_again(review.outlook, Outlook))


def purchase_kept(file: PurchaseFile) -> PurchaseFile:
    """The need, what the review said, and the work are documents of their own; the market is not the case's."""
    purchase = file.purchase
    if purchase is None:
        return file
    need = Need.model_validate_json(purchase.need.model_dump_json()) if purchase.need else None
    kept = msgspec.structs.replace(
        purchase, need=need, review=_again(purchase.review, Reviewed), work=_again(purchase.work, PurchaseWork)
    )
    assert kept == purchase
    return msgspec.structs.replace(file, purchase=kept)


KEPT: dict[str, Callable[[Any], Any]] = {
    "request": request_kept,
    "review": review_kept,
    "purchasing": purchase_kept,
}


def written(state: Any) -> Any:
    """What must not change when a command is refused: text, so that a change in place is seen too."""
    return repr(state.purchase if isinstance(state, PurchaseFile) else state)


def _again(part: Any, kind: type[Any]) -> Any:
    back = msgspec.json.decode(msgspec.json.encode(part), type=kind)
    assert back == part, f"{kind.__name__} does not come back as it was saved"
    return back
