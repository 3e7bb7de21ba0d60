"""Server-sent events: an open page hears at once what colleagues do."""

import asyncio
from collections.abc import AsyncGenerator
from uuid import UUID

from litestar import get
from litestar.params import FromQuery
from litestar.response import ServerSentEvent, ServerSentEventMessage
from litestar.types import ControllerRouterHandler
from markupsafe import escape

from services.review.actions.live import FLUX, Moved
from services.review.model.queues import open_queues
from shared.basics.french import typo
from shared.contracts.vocabulary import CheckKind
from shared.identity.person import Person
from shared.web.http.access import SignedIn

ALIVE_SECONDS = 25.0
"""A comment this often keeps proxies from cutting a silent stream."""


@get("/instruction/flux")
async def flux(
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
    with FLUX.listening() as queue:
        yield ServerSentEventMessage(comment="écoute")
        while True:
            try:
                moved = await asyncio.wait_for(queue.get(), ALIVE_SECONDS)
            except TimeoutError:
                yield ServerSentEventMessage(comment="toujours là")
                continue
            if _concerns(moved, person, case_id, kind):
                yield ServerSentEventMessage(event="volet", data=_html(moved, case_id))


def _concerns(moved: Moved, person: Person, case_id: UUID | None, kind: CheckKind | None) -> bool:
    if moved.by == person.id or not person.may_see(moved.establishment):
        return False
    return moved.case_id == case_id if case_id is not None else kind is None or moved.kind is kind


def _html(moved: Moved, case_id: UUID | None) -> str:
    again = "Recharger la page" if case_id is not None else "Mettre la liste à jour"
    return f'<p>{escape(typo(moved.what))} <a href="">{again}</a></p>'


LIVE: list[ControllerRouterHandler] = [flux]
