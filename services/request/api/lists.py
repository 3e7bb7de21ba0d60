"""Lists of requests as the API answers them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.request.model.follow_up import Stage
from services.request.model.waiting import overdue
from services.request.store.reads import Listed
from services.request.words import STAGES
from shared.contracts.vocabulary import RequestKind, Urgency


class ListedView(BaseModel):
    """A request in a list."""

    case_id: UUID
    reference: str
    title: str
    kind: RequestKind | None
    domain: str | None
    status: Stage
    status_label: str
    author_title: str
    establishment: str
    urgency: Urgency
    created_at: datetime
    updated_at: datetime
    late: list[str] = Field(description="What should have come and did not, in French")


class ListView(BaseModel):
    """A page of requests; give `next` as `after` for the following one."""

    requests: list[ListedView]
    next: UUID | None


class CountsView(BaseModel):
    """How many requests at each stage."""

    by_status: dict[Stage, int]
    total: int


def list_view(found: Sequence[Listed], limit: int, now: datetime) -> ListView:
    """The first `limit` of these, and where to go on."""
    shown = found[:limit]
    following = shown[-1].case_id if len(found) > limit else None
    return ListView(requests=[listed_view(one, now) for one in shown], next=following)


def listed_view(one: Listed, now: datetime) -> ListedView:
    """A line of the list."""
    return ListedView(
        case_id=one.case_id,
        reference=one.reference,
        title=one.title,
        kind=None if one.kind is None else RequestKind(one.kind),
        domain=one.domain,
        status=one.stage,
        status_label=STAGES[one.stage],
        author_title=one.author_title,
        establishment=one.establishment,
        urgency=Urgency(one.urgency),
        created_at=one.created_at,
        updated_at=one.updated_at,
        late=[waiting.sentence for waiting in overdue(one.follow_up, now)],
    )


def counts_view(by_stage: Mapping[Stage, int]) -> CountsView:
    """Counts with their sum."""
    return CountsView(by_status=dict(by_stage), total=sum(by_stage.values()))
