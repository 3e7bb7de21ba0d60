"""What programs read of the reviews."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery, QueryParameter

from services.review.api.shapes import CheckLineView, CheckListView, ReviewerList, ReviewerView
from services.review.api.views import ReviewListView, ReviewView, review_view
from services.review.model.guards import seen
from services.review.model.queues import chosen_queues
from services.review.store import reads as queries
from services.review.store.cursors import cursor, place
from services.review.store.people import reviewers
from services.review.store.reads import FIRST, OPEN, CheckLine, Wanted
from shared.basics import clock
from shared.basics.calendar import today
from shared.basics.errors import FieldError, Invalid
from shared.contracts.vocabulary import CheckKind, DataClass
from shared.database.postgres import reading
from shared.identity.person import REVIEWERS, Person, Role
from shared.program.running import running_of
from shared.web.api.bodies import Answer, answer, documented
from shared.web.http.access import api_person, ensure

READERS = (*sorted(REVIEWERS), Role.COORDINATOR, Role.AUDITOR)


@get("/reviews", summary="Work list of reviews, in order of opening", tags=["Reviews"],
     opt=documented(returns=ReviewListView, hot=True))  # fmt: skip
async def api_reviews(
    request: Request[Any, Any, Any],
    after: Annotated[
        str, QueryParameter(max_length=20, description="`next` of the answer before: only what was opened since")
    ] = "0",
    limit: Annotated[int, QueryParameter(ge=1, le=500)] = 100,
) -> Answer:
    """The reviews that this person may see. Ask again with `next` to go on, and to hear of newer ones."""
    person = api_person(request)
    ensure(person, *READERS)
    if not after.isdecimal():
        raise Invalid(errors=(FieldError("after", "Reprenez ici la valeur `next` de la réponse précédente."),))
    async with reading(running_of(request).pool, person.scope) as db:
        rows = await queries.reviews_after(db, min(int(after), 2**62), limit)
    listed = [
        {"case_id": str(row[1]), "reference": row[2], "title": row[3], "establishment": row[4], "status": row[5],
         "opened_at": row[6], "checks": row[7]}
        for row in rows
    ]  # fmt: skip
    body = orjson.dumps({"reviews": listed, "next": str(rows[-1][0]) if rows else after})
    return Answer(body)


@get("/reviews/{case_id:uuid}", summary="One review, all of it", tags=["Reviews"], opt=documented(returns=ReviewView))
async def api_review(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Response[bytes]:
    """Need, checks with their items, answers, questions and opinions, verdict, arbitration."""
    person = api_person(request)
    ensure(person, *READERS)
    async with reading(running_of(request).pool, person.scope) as db:
        review = seen(await queries.review_get(db, case_id), person)
    return answer(review_view(review))


@get("/checks", summary="The queues: checks in due order", tags=["Checks"],
     opt=documented(returns=CheckListView))  # fmt: skip
async def api_checks(
    request: Request[Any, Any, Any],
    kind: Annotated[
        CheckKind | None, QueryParameter(description="One queue; all that are open to you otherwise")
    ] = None,
    check_state: Annotated[
        Literal["open", "to_take", "taken", "waiting_answer", "closed"],
        QueryParameter(name="state", description="`open`: all but closed"),
    ] = "open",
    establishment: Annotated[str | None, QueryParameter(max_length=20, description="FINESS code")] = None,
    data_class: Annotated[
        DataClass | None, QueryParameter(name="data", description="The most sensitive data of the request")
    ] = None,
    mine: Annotated[bool, QueryParameter(description="Only what you hold")] = False,
    late: Annotated[bool, QueryParameter(description="Only what is past its day")] = False,
    after: Annotated[str | None, QueryParameter(max_length=200, description="`next` of the page before")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
) -> Response[bytes]:
    """The checks of your queues, next due first. The coordinator and the auditor see every queue."""
    person = api_person(request)
    wanted = Wanted(
        kinds=chosen_queues(person, kind),
        states=OPEN if check_state == "open" else (check_state,),
        before=today(clock.now()) if late else date.max,
        establishment=establishment,
        data=data_class,
        holders=(person.id,) if mine else None,
    )
    async with reading(running_of(request).pool, person.scope) as db:
        lines = await queries.checks_page(db, wanted, place(after) if after else FIRST, limit)
    last = lines[-1] if len(lines) == limit else None
    following = cursor(last.due_on, last.case_id, last.kind) if last else None
    return answer(CheckListView(checks=[_line(line, person) for line in lines], next=following))


@get("/reviewers", summary="Who can be given a check", tags=["Checks"], opt=documented(returns=ReviewerList))
async def api_reviewers(request: Request[Any, Any, Any], kind: FromQuery[CheckKind | None] = None) -> Response[bytes]:
    """The reviewers of a queue, or of all: for reassigning and for absences. For the coordinator."""
    ensure(api_person(request), Role.COORDINATOR)
    listed = [ReviewerView(id=one.id, title=one.title, roles=sorted(one.roles)) for one in reviewers(kind)]
    return answer(ReviewerList(reviewers=listed))


def _line(line: CheckLine, person: Person) -> CheckLineView:
    check = line.check
    return CheckLineView(
        case_id=line.case_id, kind=line.kind, kind_label=check.kind_label, reference=line.reference, title=line.title,
        establishment=line.establishment, department=line.department, request_kind=line.request_kind,
        request_kind_label=line.request_kind_label, data=line.data, data_label=line.data_label,
        care_stops=line.care_stops, max_downtime_hours=line.max_downtime_hours, urgency=line.urgency,
        urgency_label=line.urgency_label, status=check.status, due_on=line.due_on, holder=check.holder,
        holder_title=check.holder_title, own_request=line.requester == person.id,
    )  # fmt: skip
