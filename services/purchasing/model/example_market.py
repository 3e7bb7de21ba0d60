"""The example agreements and policies in the form in which the service keeps them: a first start enters them."""

from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from services.purchasing.model import agreement_data, policy_data
from services.purchasing.model.agreement_data import AgreementBook
from services.purchasing.model.market import Agreement, Market, MayOrder, Policy
from shared.reference.directory import directory, members


def example_market(on: date) -> Market:
    """A market that holds the shipped examples, each marked as one; GHT codes become the members of that day."""
    book = agreement_data.example_book()
    return Market(
        version=0,
        agreements=tuple(_agreement(book, entry, on) for entry in book.agreements),
        policies=tuple(
            Policy(
                policy_id=_id("policy", row.establishment, start.isoformat()),
                establishment=row.establishment,
                allowed=allowed,
                valid_from=start,
                source=row.source,
                example=row.example,
            )
            for row in policy_data.policies().policies
            for start, allowed in _starts(row)
        ),
    )


def orderers(book: AgreementBook, entry: agreement_data.Agreement, on: date) -> tuple[str, ...]:
    """FINESS of those who may order from an agreement."""
    found: dict[str, None] = {}
    for code in book.buyers(entry):
        known = members(code, on) if code in directory().ghts else (directory().establishment(code),)
        found.update((establishment.finess, None) for establishment in known)
    return tuple(found)


def _agreement(book: AgreementBook, entry: agreement_data.Agreement, on: date) -> Agreement:
    return Agreement(
        agreement_id=entry.id,
        body=entry.body,
        kind=entry.kind,
        title=entry.title,
        number=entry.reference,
        cpv=entry.scope_cpv,
        domains=entry.domains,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        ceiling_cents=entry.ceiling_cents,
        consumed_cents=entry.consumed_cents or 0,
        may_order=MayOrder.LISTED,
        orderers=orderers(book, entry, on),
        named_at_start=entry.named_at_start,
        suppliers=entry.suppliers,
        note=entry.note,
        example=entry.example,
    )


def _starts(row: policy_data.DirectPurchasePolicy) -> tuple[tuple[date, bool], ...]:
    """A policy that ends is followed by "no" from the next day on."""
    begins = (row.valid_from, row.direct_purchase_allowed)
    return (begins,) if row.valid_to is None else (begins, (row.valid_to + timedelta(days=1), False))


def _id(*parts: str) -> UUID:
    """The same id on every machine, so that a second start enters nothing twice."""
    return uuid5(NAMESPACE_URL, "convergence:" + ":".join(parts))
