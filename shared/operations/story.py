"""The trail: the story of one case in this service, and the verification of all hash chains."""

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import msgspec
import orjson
from litestar import Request, get
from litestar.params import FromPath, FromQuery, QueryParameter

from shared.basics.errors import NotFound
from shared.casework.trail import Link, verify
from shared.database.postgres import EVERYTHING, Pool, reading
from shared.identity.person import REVIEWERS, Role, ensure
from shared.program.running import running_of
from shared.web.http.access import SignedIn, require

if TYPE_CHECKING:
    from shared.program.service import Service

STORY = "SELECT entry FROM trail WHERE case_id = $1 ORDER BY n"
HEADS = "SELECT case_id, trail_count, trail_head FROM case_head WHERE case_id > $1 ORDER BY case_id LIMIT $2"
CHAINS = "SELECT case_id, n, entry, hash FROM trail WHERE case_id = ANY($1::uuid[]) ORDER BY case_id, n"
ORPHANS = """
SELECT DISTINCT case_id FROM trail t WHERE NOT EXISTS (SELECT 1 FROM case_head h WHERE h.case_id = t.case_id) LIMIT 100
"""
FIRST = UUID(int=0)

READERS = (*sorted(REVIEWERS), Role.COORDINATOR, Role.BUYER, Role.AUDITOR, Role.PLATFORM_OPERATOR)


class StoryLine(msgspec.Struct):
    """One decision on a case: when, who, what (`label`: in French), why, and its figures."""

    service: str
    n: int
    at: str
    action: str
    label: str
    actor: str
    actor_title: str
    reason: str
    detail: dict[str, Any]


class BrokenChain(msgspec.Struct):
    """The first entry of a case's trail that fails verification."""

    case_id: UUID
    n: int
    why: str


class Verification(msgspec.Struct):
    """One page of the verification of the trail; `next` is None on the last page."""

    service: str
    checked: int
    entries: int
    breaks: list[BrokenChain]
    next: UUID | None


@get("/cases/{case_id:uuid}/story", summary="The story of a case in this service", tags=["Operations"])
async def case_story(request: Request[Any, Any, Any], person: SignedIn, case_id: FromPath[UUID]) -> list[StoryLine]:
    """Everything that was decided on this case in this service, in order, for those who may read it there."""
    running = running_of(request)
    ensure(person, *running.service.story_readers)
    async with reading(running.pool, person.scope) as db:
        rows = await db.fetch(STORY, case_id)
    if not rows:
        raise NotFound
    return [_line(running.service, orjson.loads(row[0])) for row in rows]


@get(
    "/trail/verification",
    summary="Verify the trail",
    tags=["Operations"],
    guards=[require(Role.AUDITOR, Role.PLATFORM_OPERATOR)],
)
async def trail_verification(
    request: Request[Any, Any, Any],
    after: FromQuery[UUID | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=5000)] = 1000,
) -> Verification:
    """Verify the chains of the next `limit` cases after `after`."""
    running = running_of(request)
    return await verify_page(running.pool, running.settings.service, after, limit)


async def verify_page(pool: Pool, service: str, after: UUID | None, limit: int) -> Verification:
    """Verify the chains of the next `limit` cases after `after`; the first page also looks for chains without a head."""
    async with reading(pool, EVERYTHING) as db, db.transaction(isolation="repeatable_read", readonly=True):
        heads = await db.fetch(HEADS, after or FIRST, limit)
        chains: dict[UUID, list[Link]] = {row[0]: [] for row in heads}
        rows = await db.fetch(CHAINS, list(chains))
        orphans = await db.fetch(ORPHANS) if after is None else []
    for case_id, n, text, digest in rows:
        chains[case_id].append(Link(n, text, digest))
    breaks = [BrokenChain(row[0], 0, "the trail has no case") for row in orphans]
    for case_id, count, head in heads:
        found = verify(case_id, head, count, chains[case_id])
        if found is not None:
            breaks.append(BrokenChain(case_id, found.n, found.why))
    following = heads[-1][0] if len(heads) == limit else None
    return Verification(service, len(heads), len(rows), breaks, following)


def _line(service: "Service[Any]", fact: dict[str, Any]) -> StoryLine:
    return StoryLine(
        service=service.name,
        n=fact["n"],
        at=fact["at"],
        action=fact["action"],
        label=service.trail_words.get(fact["action"], fact["action"]),
        actor=fact["actor"],
        actor_title=fact["actor_title"],
        reason=fact["reason"],
        detail=fact["detail"],
    )
