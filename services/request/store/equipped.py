"""What the GHT already runs, by business domain: in memory, because each submission asks.

The catalogue's version in the database says when memory is old. It is asked for once a second at most, and at each
look for a few seconds after this process applied a change itself, so that what was just published is seen at once.
"""

import time

import msgspec

from shared.contracts.need import EquippedSoftware
from shared.database.postgres import EVERYTHING, Db, Pool, reading

LOOK_EVERY_SECONDS = 1.0
CAREFUL_SECONDS = 10.0

VERSION = "SELECT version FROM catalogue_version"
ALL = """
SELECT entry_id, product, domain, deployments, example FROM catalogue_entry
WHERE NOT retired ORDER BY product, entry_id
"""


class Equipped:
    """The software of the GHT's catalogue by domain."""

    _careful_until = float("-inf")
    """For all of this process: the projection knows none of them, and a look too many does no harm."""

    def __init__(self) -> None:
        self._by_domain: dict[str, tuple[EquippedSoftware, ...]] = {}
        self._version = -1
        self._looked_at = float("-inf")

    @classmethod
    def changed(cls) -> None:
        """This process is changing the catalogue: trust memory only as far as the database confirms it."""
        cls._careful_until = time.monotonic() + CAREFUL_SECONDS

    async def of(self, pool: Pool, domain: str | None) -> tuple[EquippedSoftware, ...]:
        """What the GHT runs for this domain."""
        now = time.monotonic()
        if now - self._looked_at > LOOK_EVERY_SECONDS or now < self._careful_until:
            if self._version >= 0:
                # Of several concurrent callers one refreshes; the others use what is in memory.
                self._looked_at = now
            async with reading(pool, EVERYTHING) as db:
                await self._refresh(db)
            self._looked_at = now
        return self._by_domain.get(domain or "", ())

    async def _refresh(self, db: Db) -> None:
        version = int(await db.fetchval(VERSION))
        if version == self._version:
            return
        found: dict[str, list[EquippedSoftware]] = {}
        for entry_id, product, domain, deployments, example in await db.fetch(ALL):
            where = tuple(one["establishment"] for one in msgspec.json.decode(deployments))
            software = EquippedSoftware(
                entry_id=entry_id, product=product, domain=domain, establishments=where, example=example
            )
            found.setdefault(domain, []).append(software)
        self._by_domain = {domain: tuple(software) for domain, software in found.items()}
        self._version = version
