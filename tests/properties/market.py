"""The market of the GHT on the day on which everything begins."""

from datetime import UTC, date, datetime
from uuid import UUID

from services.purchasing.model.example_market import example_market
from services.purchasing.model.market import Agreement, Market

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ENDS_SOON = date(2026, 12, 18)


def _market() -> Market:
    """The examples, and an agreement that ends while members may still be answering."""
    shipped = example_market(MONDAY.date())
    ends_soon = Agreement(
        agreement_id=UUID(int=77), body="UniHA", kind="further_competition", title="Maternité", number="M-77", cpv=(),
        domains=("maternite",), valid_from=date(2026, 1, 1), valid_to=ENDS_SOON, ceiling_cents=None, consumed_cents=0,
        may_order="everyone", orderers=(), named_at_start=True, suppliers=("Fournisseur exemple",), note="", example=True,
    )  # fmt: skip
    return Market(1, (*shipped.agreements, ends_soon), shipped.policies)


MARKET = _market()
