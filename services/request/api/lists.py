"""Lists of requests as the API answers them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.request.model.follow_up import Stage
from services.request.model.waiting import overdue
from services.request.store.reads import Listed
from shared.contracts.vocabulary import AnyRequestKind, AnyUrgency


class ListedView(BaseModel):
    """A request in a list."""

    case_id: UUID
    reference: str
    title: str
    kind: AnyRequestKind | None
    domain: str | None
    status: Stage
    status_label: str
    author_title: str
    establishment: str
    urgency: AnyUrgency
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


class LateView(BaseModel):
    """A request that waits beyond its deadline."""

    case_id: UUID
    reference: str
    establishment: str
    what: str
    due_at: datetime


class LateList(BaseModel):
    """What you are told about, oldest first."""

    late: list[LateView]


def list_view(found: Sequence[Listed], limit: int, now: datetime) -> ListView:
    """The first `limit` of these, and where to go on."""
    shown = found[:limit]
    following = shown[-1].case_id if len(found) > limit else None
    return ListView(requests=[_listed(one, now) for one in shown], next=following)


def _listed(one: Listed, now: datetime) -> ListedView:
    return ListedView(
        case_id=one.case_id,
        reference=one.reference,
        title=one.title,
        kind=one.kind,
        domain=one.domain,
        status=one.stage,
        status_label=one.status_label,
        author_title=one.author_title,
        establishment=one.establishment,
        urgency=one.urgency,
        created_at=one.created_at,
        updated_at=one.updated_at,
        late=[waiting.sentence for waiting in overdue(one.follow_up, now)],
    )


def counts_view(by_stage: Mapping[Stage, int]) -> CountsView:
    """Counts with their sum."""
    return CountsView(by_status=dict(by_stage), total=sum(by_stage.values()))
