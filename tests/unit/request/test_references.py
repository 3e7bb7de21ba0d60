"""References: the year in them is the one that people have on their calendars."""

from datetime import UTC, datetime
from typing import cast

from services.request.store.references import References
from shared.database.postgres import Pool

NOBODY_ASKED = cast("Pool", None)


async def test_the_new_year_of_a_reference_begins_in_paris() -> None:
    references = References()
    references._numbers = iter(range(147, 149))
    before, after = datetime(2026, 12, 31, 22, 30, tzinfo=UTC), datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert await references.next(NOBODY_ASKED, before) == "D-2026-000147"
    assert await references.next(NOBODY_ASKED, after) == "D-2027-000148"
