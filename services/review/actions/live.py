"""What colleagues did, announced at once to the pages that are open; free while no page is open."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.review.model.review import Review

BEHIND: Final = 100
"""Announcements kept for a page that reads slowly; the oldest are dropped first."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """An account (`by`) changed a check, or the verdict where `kind` is None; `what` is a French sentence."""

    case_id: UUID
    establishment: str
    kind: str | None
    by: str
    what: str


class OpenPages:
    """Fans announcements out to the open pages of this process; pages of other processes see them at their next load."""

    def __init__(self) -> None:
        self._open: set[asyncio.Queue[Announcement]] = set()

    def announce(self, review: Review, kind: str | None, by: str, what: str) -> None:
        """Tell every open page."""
        if not self._open:
            return
        announcement = Announcement(review.case_id, review.establishment, kind, by, what)
        for queue in self._open:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(announcement)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[Announcement]]:
        """Announcements from now on."""
        queue: asyncio.Queue[Announcement] = asyncio.Queue(BEHIND)
        self._open.add(queue)
        try:
            yield queue
        finally:
            self._open.discard(queue)


LIVE = OpenPages()
