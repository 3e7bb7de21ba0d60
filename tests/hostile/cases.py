"""A case that the three services know: written in one, heard of by the others, without Kafka."""

from typing import Any
from uuid import UUID

from shared.basics.clock import now
from shared.contracts.events.requests import RequestSubmittedV2
from shared.contracts.events.reviews import ReviewDecidedV1
from shared.contracts.vocabulary import Verdict
from shared.program.registry import SERVICES
from tests.hostile.sites import Site, by, events_of


async def written(sites: dict[str, Site], account: str, need: dict[str, Any]) -> str:
    """Sent by this account, under review, and open for purchasing."""
    request, review, purchasing = (sites[name] for name in SERVICES)
    answer = await request.client.post("/demandes/api/requests", json=need, headers=by(account))
    assert answer.status_code == 201, answer.text
    case_id = str(answer.json()["case_id"])
    [(_, said)] = await events_of(request, UUID(case_id))
    submitted = RequestSubmittedV2.model_validate_json(said)
    await review.hear(submitted)
    decided = ReviewDecidedV1(
        case_id=submitted.case_id, decided_at=now(), verdict=Verdict.FAVOURABLE, opinions=(), need=submitted.need
    )
    await purchasing.hear(decided)
    return case_id
