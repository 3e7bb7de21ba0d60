"""Server-sent events: an open page is told at once what colleagues do."""

import asyncio
from collections.abc import AsyncGenerator
from uuid import UUID

from litestar import get
from litestar.params import FromQuery
from litestar.response import ServerSentEvent, ServerSentEventMessage
from markupsafe import escape

from services.review.actions.live import LIVE, Announcement
from services.review.model.queues import open_queues
from shared.basics.french import typo
from shared.contracts.vocabulary import CheckKind
from shared.identity.person import Person
from shared.web.http.access import SignedIn

ALIVE_SECONDS = 25.0
"""A comment this often keeps proxies from closing a silent stream."""


@get("/instruction/flux")
async def live_page(
    person: SignedIn,
    dossier: FromQuery[UUID | None] = None,
    file: FromQuery[CheckKind | None] = None,
) -> ServerSentEvent:
    """Sentences about one case, or about one queue, as HTML; never about what the person did."""
    open_queues(person)
    return ServerSentEvent(sentences(person, dossier, file), headers={"X-Accel-Buffering": "no"})


async def sentences(
    person: Person, case_id: UUID | None, kind: CheckKind | None
) -> AsyncGenerator[ServerSentEventMessage, None]:
    """What concerns this page, for as long as it is open."""
    with LIVE.listening() as queue:
        yield ServerSentEventMessage(comment="écoute")
        while True:
            try:
                said = await asyncio.wait_for(queue.get(), ALIVE_SECONDS)
            except TimeoutError:
                yield ServerSentEventMessage(comment="toujours là")
                continue
            if _concerns(said, person, case_id, kind):
                yield ServerSentEventMessage(event="volet", data=_html(said, case_id))


def _concerns(said: Announcement, person: Person, case_id: UUID | None, kind: CheckKind | None) -> bool:
    if said.by == person.id or not person.may_see(said.establishment):
        return False
    return said.case_id == case_id if case_id is not None else kind is None or said.kind == kind


def _html(said: Announcement, case_id: UUID | None) -> str:
    again = "Recharger la page" if case_id is not None else "Mettre la liste à jour"
    return f'<p>{escape(typo(said.what))} <a href="">{again}</a></p>'
