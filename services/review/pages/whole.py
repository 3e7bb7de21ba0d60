"""The page of a whole review: the decision, every check, what happened; the coordinator's acts beside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from litestar import Request, get
from litestar.params import FromPath

from services.review.model.decided import standing_conditions
from services.review.model.guards import seen
from services.review.model.queues import open_queues
from services.review.model.review import Review
from services.review.model.verdict import compute_verdict
from services.review.pages.check_view import need_facts
from services.review.store import reads as queries
from services.review.store.people import reviewers
from services.review.words import INDISPENSABLE, TRAIL_WORDS, queue_title, where
from shared.basics import clock
from shared.basics.calendar import PARIS, today
from shared.basics.french import date_time
from shared.contracts.need import Need
from shared.contracts.vocabulary import Verdict
from shared.contracts.words import label_of, tone_of
from shared.database.postgres import reading
from shared.identity.person import Person, Role
from shared.operations.story import STORY
from shared.program.running import running_of
from shared.web.http.access import SignedIn
from shared.web.pages.forms import Form
from shared.web.pages.page import Page

AnyRequest = Request[Any, Any, Any]


@get("/instruction/dossiers/{case_id:uuid}")
async def whole_page(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page:
    """All of a review."""
    return await show_whole(request, person, case_id, Form())


async def show_whole(request: AnyRequest, person: Person, case_id: UUID, form: Form) -> Page:
    """The page, with what the coordinator typed and was refused."""
    open_queues(person)
    async with reading(running_of(request).pool, person.scope) as db:
        review = seen(await queries.review_get(db, case_id), person)
        story = [orjson.loads(row[0]) for row in await db.fetch(STORY, case_id)]
    computed = compute_verdict(review.checks)
    need = Need.model_validate_json(review.need)
    labels = {check.kind: check.kind_label for check in review.checks}
    coordinates = person.has(Role.COORDINATOR)
    context = {
        "review": review,
        "need": need,
        "facts": need_facts(need),
        "opinions_given": len(computed.opinions),
        "rule": computed.rule.label,
        "conditions": standing_conditions(review, computed),
        "history": [_line(fact, labels) for fact in reversed(story)],
        "may_arbitrate": coordinates and review.status != "withdrawn" and bool(computed.opinions)
        and review.requester != person.id,
        "own_request": coordinates and review.requester == person.id,
        "colleagues": _colleagues(review) if coordinates else {},
        "check_choices": [(check.kind, check.kind_label) for check in review.checks],
        "verdicts": [(verdict, verdict.label) for verdict in Verdict],
        "form": form,
        "day": today(clock.now()),
        "indispensable": INDISPENSABLE,
        "verdict_label": lambda verdict: label_of(Verdict, verdict),
        "verdict_tone": lambda verdict: tone_of(Verdict, verdict),
        "queue_title": queue_title,
        "where": where,
    }  # fmt: skip
    return Page("instruction/whole.html", context, status=422 if form.wrong else 200)


def _colleagues(review: Review) -> dict[str, list[tuple[str, str]]]:
    """Who may be given each open check."""
    return {
        check.kind: [
            (one.id, one.title)
            for one in reviewers(check.kind)
            if one.may_see(review.establishment) and one.id not in (review.requester, check.holder)
        ]
        for check in review.checks
        if not check.closed
    }


def _line(fact: dict[str, Any], labels: Mapping[str, str]) -> dict[str, str]:
    kind = fact["detail"].get("check")
    action = TRAIL_WORDS.get(fact["action"], fact["action"])
    return {
        "title": f"{action} : {labels.get(kind, kind).lower()}" if kind else action,
        "when": f"{date_time(datetime.fromisoformat(fact['at']).astimezone(PARIS))}, {fact['actor_title']}",
        "text": fact["reason"],
        "state": "done",
    }
