"""Requests over HTTP, on a real PostgreSQL: what strangers with the OpenAPI document may rely on."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from shared.basics.clock import now
from shared.contracts.events.purchases import RouteDecidedV1, RouteExplanation
from shared.contracts.events.reviews import (
    CheckTakenV1,
    OpinionGivenV1,
    PlannedCheck,
    QuestionAskedV1,
    ReviewDecidedV1,
    ReviewOpenedV1,
)
from shared.contracts.need import Need
from shared.contracts.vocabulary import CheckKind, DataClass, Opinion, RequestKind, Route, Verdict
from tests.helpers.case_facts import ABOUT, condition
from tests.helpers.servers import Database
from tests.integration.request_service import NEED, Service, at_work

DUE = date(2026, 12, 4)


@pytest.fixture
async def service(request_database: Database) -> AsyncIterator[Service]:
    async with at_work(request_database) as running:
        yield running


def opened(case_id: str) -> ReviewOpenedV1:
    checks = tuple(PlannedCheck(kind=kind, due_on=DUE) for kind in CheckKind)
    return ReviewOpenedV1(about=ABOUT, case_id=UUID(case_id), opened_at=now(), checks=checks)


def decided(case_id: str, verdict: Verdict = Verdict.FAVOURABLE_WITH_CONDITIONS) -> ReviewDecidedV1:
    need = Need(
        reference="D-2026-000001",
        kind=RequestKind.NEW,
        title="t",
        description="d",
        requester="r",
        requester_title="t",
        establishment="420784878",
        department="d",
        domain="bloc-operatoire",
        data=DataClass.NONE,
        care_stops=False,
    )
    conditions = (condition(check=CheckKind.SECURITY),)
    return ReviewDecidedV1(
        about=ABOUT,
        case_id=UUID(case_id),
        decided_at=now(),
        verdict=verdict,
        opinions=(),
        conditions=conditions,
        need=need,
    )


def routed(case_id: str) -> RouteDecidedV1:
    return RouteDecidedV1(
        about=ABOUT,
        case_id=UUID(case_id),
        decided_at=now(),
        route=Route.CENTRAL_BODY_ORDER,
        proposed=Route.CENTRAL_BODY_ORDER,
        overridden=False,
        decided_by_title="Acheteur",
        explanation=RouteExplanation(rule="R3", table_version="2026-11", tried=()),
        in_plain_words="La centrale d’achat a déjà négocié ce logiciel : il sera commandé.",
    )


async def test_one_post_sends_a_request_with_its_event(service: Service) -> None:
    answer = await service.client.post("/demandes/api/requests", json=NEED, headers=service.by("requester-chu"))
    assert answer.status_code == 201
    body = answer.json()
    assert body["status"] == "submitted"
    assert body["reference"].startswith("D-")
    assert await service.outbox(body["case_id"]) == ["convergence.request-submitted.v2"]


async def test_a_retried_post_with_the_same_key_makes_one_request(service: Service) -> None:
    headers = service.by("requester-chu", **{"Idempotency-Key": "k-1"})
    answers = await asyncio.gather(
        *[service.client.post("/demandes/api/requests", json=NEED, headers=headers) for _ in range(5)]
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["reference"] for answer in answers}) == 1
    assert sorted(answer.json()["already"] for answer in answers) == [False, True, True, True, True]
    listed = await service.client.get("/demandes/api/requests", headers=service.by("requester-chu"))
    assert len(listed.json()["requests"]) == 1


async def test_a_key_that_comes_back_with_another_content_is_refused(service: Service) -> None:
    headers = service.by("requester-chu", **{"Idempotency-Key": "k-1"})
    await service.client.post("/demandes/api/requests", json=NEED, headers=headers)
    answer = await service.client.post("/demandes/api/requests", json={**NEED, "title": "Autre chose"}, headers=headers)
    assert answer.status_code == 409
    assert answer.json()["slug"] == "idempotency-key-reused"


async def test_two_people_may_use_the_same_key(service: Service) -> None:
    cases = set()
    for account in ("requester-chu", "requester-roanne"):
        headers = service.by(account, **{"Idempotency-Key": "k-1"})
        answer = await service.client.post("/demandes/api/requests", json=NEED, headers=headers)
        cases.add(answer.json()["case_id"])
    assert len(cases) == 2


async def test_a_draft_may_lack_anything_and_is_told_so_when_it_is_sent(service: Service) -> None:
    by = service.by("requester-chu")
    made = await service.client.post("/demandes/api/requests", json={"submit": False}, headers=by)
    assert made.json()["status"] == "draft"
    case = f"/demandes/api/requests/{made.json()['case_id']}"
    refused = await service.client.post(f"{case}/submission", headers=by)
    assert refused.status_code == 422
    assert "title" in {error["field"] for error in refused.json()["errors"]}
    saved = await service.client.put(case, json=NEED, headers=by)
    assert saved.json()["form"]["title"] == NEED["title"]
    sent = await service.client.post(f"{case}/submission", headers=by)
    assert sent.json()["status"] == "submitted"
    again = await service.client.post(f"{case}/submission", headers=by)
    assert again.json() == {**sent.json(), "already": True}
    frozen = await service.client.put(case, json={**NEED, "title": "Autre"}, headers=by)
    assert frozen.status_code == 409
    assert await service.outbox(made.json()["case_id"]) == ["convergence.request-submitted.v2"]


async def test_nobody_sees_the_request_of_another_establishment(service: Service) -> None:
    case_id = await service.create("requester-chu")
    for account in ("requester-roanne", "referent-roanne", "contact-roanne"):
        for path in ("", "/attachments/" + str(uuid4())):
            answer = await service.client.get(f"/demandes/api/requests/{case_id}{path}", headers=service.by(account))
            assert answer.status_code == 404, account
        acts = {"withdrawal": {"reason": "parce que"}, "answers": {"question_id": str(uuid4()), "answer": "oui"}}
        for act, body in acts.items():
            answer = await service.client.post(
                f"/demandes/api/requests/{case_id}/{act}", json=body, headers=service.by(account)
            )
            assert answer.status_code == 404, (account, act)
        edited = await service.client.put(f"/demandes/api/requests/{case_id}", json=NEED, headers=service.by(account))
        assert edited.status_code == 404
        listed = await service.client.get("/demandes/api/requests", headers=service.by(account))
        assert listed.json()["requests"] == []


async def test_a_referent_helps_with_drafts_of_the_establishment_and_sends_none(service: Service) -> None:
    by, referent = service.by("requester-roanne"), service.by("referent-roanne")
    made = await service.client.post("/demandes/api/requests", json={"submit": False}, headers=by)
    case = f"/demandes/api/requests/{made.json()['case_id']}"
    edited = await service.client.put(case, json=NEED, headers=referent)
    assert edited.status_code == 200
    assert edited.json()["may"] == ["edit"]
    assert (await service.client.post(f"{case}/submission", headers=referent)).status_code == 403


async def test_an_auditor_reads_all_and_changes_nothing(service: Service) -> None:
    case_id = await service.create("requester-roanne")
    by = service.by("auditor")
    assert (await service.client.get(f"/demandes/api/requests/{case_id}", headers=by)).json()["may"] == []
    withdrawn = await service.client.post(
        f"/demandes/api/requests/{case_id}/withdrawal", json={"reason": "non"}, headers=by
    )
    assert withdrawn.status_code == 403
    assert (await service.client.post("/demandes/api/requests", json=NEED, headers=by)).status_code == 403


async def test_the_requester_follows_a_case_from_question_to_route(service: Service) -> None:
    case_id = await service.create()
    assert (await service.case(case_id))["status"] == "submitted"
    question = QuestionAskedV1(
        about=ABOUT,
        case_id=UUID(case_id),
        question_id=uuid4(),
        check=CheckKind.INFRASTRUCTURE,
        question="Combien de salles ?",
        asked_at=now(),
        asked_by_title="Architecte technique",
        answer_expected_by=date.today() + timedelta(days=5),  # noqa: DTZ011 - any day to come
    )
    taken = CheckTakenV1(
        about=ABOUT,
        case_id=UUID(case_id),
        check=CheckKind.INFRASTRUCTURE,
        reviewer="x",
        reviewer_title="Architecte",
        due_on=DUE,
    )
    await service.hear(opened(case_id), taken, question)
    case = await service.case(case_id)
    assert case["status"] == "answer_awaited"
    assert case["questions"][0]["question"] == "Combien de salles ?"
    body = {"question_id": str(question.question_id), "answer": "Quatre salles."}
    path = f"/demandes/api/requests/{case_id}/answers"
    for _ in range(2):
        answered = await service.client.post(path, json=body, headers=service.by("requester-chu"))
        assert answered.json()["status"] == "in_review"
    other = await service.client.post(path, json={**body, "answer": "Cinq."}, headers=service.by("requester-chu"))
    assert other.status_code == 409
    opinions = [
        OpinionGivenV1(
            about=ABOUT,
            case_id=UUID(case_id),
            check=k,
            opinion=Opinion.FAVOURABLE,
            conditions=0,
            given_at=now(),
            reviewer_title="R",
        )
        for k in CheckKind
    ]
    await service.hear(*opinions, decided(case_id))
    assert (await service.case(case_id))["status"] == "approved"
    await service.hear(routed(case_id))
    case = await service.case(case_id)
    assert case["status"] == "routed"
    assert case["in_plain_words"] == "La centrale d’achat a déjà négocié ce logiciel : il sera commandé."
    assert case["conditions"][0]["check"] == "security"
    sent = ["convergence.request-submitted.v2", "convergence.question-answered.v1"]
    assert await service.outbox(case_id) == sent
    late = await service.client.post(
        f"/demandes/api/requests/{case_id}/withdrawal",
        json={"reason": "plus besoin"},
        headers=service.by("requester-chu"),
    )
    assert late.status_code == 409


async def test_the_route_may_arrive_before_the_verdict(service: Service) -> None:
    case_id = await service.create()
    await service.hear(routed(case_id))
    await service.hear(opened(case_id), decided(case_id))
    assert (await service.case(case_id))["status"] == "routed"


async def test_a_withdrawn_request_is_told_to_the_others_once_and_stays_withdrawn(service: Service) -> None:
    case_id = await service.create()
    for _ in range(2):
        answer = await service.client.post(
            f"/demandes/api/requests/{case_id}/withdrawal",
            json={"reason": "Le besoin a disparu."},
            headers=service.by("requester-chu"),
        )
        assert answer.json()["status"] == "withdrawn"
    await service.hear(opened(case_id), decided(case_id))
    assert (await service.case(case_id))["status"] == "withdrawn"
    sent = ["convergence.request-submitted.v2", "convergence.request-withdrawn.v1"]
    assert await service.outbox(case_id) == sent


async def test_lists_go_on_by_keyset_and_counts_agree(service: Service) -> None:
    made = [await service.create(title=f"Demande {n}") for n in range(5)]
    by = service.by("requester-chu")
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = (await service.client.get("/demandes/api/requests", params={"limit": 2, **after}, headers=by)).json()
        seen += [one["case_id"] for one in page["requests"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert seen == made[::-1]
    counts = (await service.client.get("/demandes/api/requests/counts", headers=by)).json()
    assert counts["by_status"]["submitted"] == 5
    drafts = await service.client.get("/demandes/api/requests", params={"status": "draft"}, headers=by)
    assert drafts.json()["requests"] == []


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": "a\x00b"}, "title"),
        ({"description": "x" * 5001}, "description"),
        ({"domain": "ailleurs"}, "domain"),
        ({"users": -1}, "users"),
        ({"users": 10**30}, "users"),
        ({"wished_on": "9999-01-01"}, "wished_on"),
        ({"cpv": "12"}, "cpv"),
        ({"kind": "autre"}, "kind"),
        ({"estimated_amount_cents": 10**15}, "estimated_amount_cents"),
        ({"urgency": "high"}, "urgency_reason"),
        ({"kind": "renewal"}, "current_supplier"),
        ({"inconnu": 1}, "inconnu"),
    ],
)
async def test_what_cannot_be_kept_is_refused_with_its_field(
    service: Service, fields: dict[str, object], wrong: str
) -> None:
    answer = await service.client.post(
        "/demandes/api/requests", json={**NEED, **fields}, headers=service.by("requester-chu")
    )
    assert answer.status_code == 422
    assert wrong in {error["field"] for error in answer.json()["errors"]}


async def test_half_a_surrogate_pair_is_refused(service: Service) -> None:
    body = b'{"title": "\\ud800", "submit": false}'
    answer = await service.client.post("/demandes/api/requests", content=body, headers=service.by("requester-chu"))
    assert answer.status_code == 422
