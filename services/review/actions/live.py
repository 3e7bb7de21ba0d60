"""What colleagues did, announced at once to the pages that are open: costs nothing while nobody looks on."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.review.model.review import Review
from shared.contracts.vocabulary import CheckKind

BEHIND: Final = 100
"""Announcements kept for a page that reads slowly; the oldest are given up first."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody (`by`, an account) changed a check, or the verdict where `kind` is None; `what` is a French sentence."""

    case_id: UUID
    establishment: str
    kind: CheckKind | None
    by: str
    what: str


class Flux:
    """Fans announcements out to the open pages of this process; other replicas' pages see them at their next load."""

    def __init__(self) -> None:
        self._open: set[asyncio.Queue[Moved]] = set()

    def announce(self, review: Review, kind: CheckKind | None, by: str, what: str) -> None:
        """Tell every open page."""
        if not self._open:
            return
        moved = Moved(review.case_id, review.establishment, kind, by, what)
        for queue in self._open:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(moved)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[Moved]]:
        """Announcements from now on."""
        queue: asyncio.Queue[Moved] = asyncio.Queue(BEHIND)
        self._open.add(queue)
        try:
            yield queue
        finally:
            self._open.discard(queue)


FLUX = Flux()
