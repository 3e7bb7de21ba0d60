"""Words that a later version of another service says: kept, and shown by the label that came with them."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.basics.clock import now
from shared.basics.ids import new_id
from shared.contracts.event import Event
from shared.contracts.events.purchases import (
    CensusClosedV1,
    CensusOpenedV1,
    MemberAnswer,
    RouteDecidedV1,
    RouteExplanation,
    RouteProposedV1,
)
from shared.contracts.events.requests import QuestionAnsweredV1
from shared.contracts.events.reviews import (
    CheckOpinion,
    CheckTakenV1,
    Condition,
    OpinionGivenV1,
    Overruling,
    PlannedCheck,
    QuestionAskedV1,
    ReviewDecidedV1,
    ReviewLateV1,
    ReviewOpenedV1,
)
from shared.contracts.need import Need
from tests.helpers.servers import Database
from tests.integration.request_service import NEED, Service, at_work

CHECK: dict[str, Any] = {"check": "accessibility", "check_label": "Accessibilité"}
WHY = RouteExplanation(rule="R11", table_version="2", tried=())
NEEDED = Need(
    **{**NEED, "reference": "D-2026-000001", "requester": "r", "requester_title": "R", "establishment": "690781810",
       "department": "Bloc"}
)  # fmt: skip


@pytest.fixture
async def service(request_database: Database) -> AsyncIterator[Service]:
    async with at_work(request_database) as running:
        yield running


async def shown(service: Service, case_id: UUID) -> tuple[dict[str, Any], str, str]:
    """What the API, the follow-up page and the list say of a case."""
    if "convergence_session" not in service.client.cookies:
        await service.client.get("/connexion")
        token = service.client.cookies.get("convergence_csrf") or ""
        asked = {"_csrf_token": token, "account": "requester-chu", "next": "/"}
        await service.client.post("/connexion", data=asked)
    pages = [await service.client.get(path) for path in (f"/demandes/{case_id}", "/demandes")]
    assert [page.status_code for page in pages] == [200, 200]
    follow, listed = (re.sub(r"\s", " ", unescape(page.text)) for page in pages)
    return await service.case(str(case_id)), follow, listed


def opened(case_id: UUID) -> ReviewOpenedV1:
    check = PlannedCheck(kind="accessibility", kind_label="Accessibilité", due_on=now().date() + timedelta(days=9))
    return ReviewOpenedV1(case_id=case_id, opened_at=now(), checks=(check,))


def decided(case_id: UUID, verdict: str = "postponed", label: str = "Ajourné") -> ReviewDecidedV1:
    return ReviewDecidedV1(
        case_id=case_id,
        decided_at=now(),
        verdict=verdict,
        verdict_label=label,
        opinions=(
            CheckOpinion(
                **CHECK, opinion="abstained", opinion_label="Sans avis", reviewer_title="R", comment="Rien à dire."
            ),
        ),
        conditions=(Condition(**CHECK, text="Contraste à corriger."),),
        overruling=Overruling(computed="split", computed_label="Partagé", reason="Trop tôt.", coordinator_title="C"),
        need=NEEDED,
    )


async def test_an_unknown_check_is_taken_asked_and_answered(service: Service) -> None:
    case_id = UUID(await service.create())
    question = uuid4()
    due = now().date() + timedelta(days=3)
    taken = CheckTakenV1(case_id=case_id, **CHECK, reviewer="x", reviewer_title="Référent", due_on=due)
    await service.hear(opened(case_id), taken, ReviewLateV1(
        case_id=case_id, **CHECK, waiting_for="reviewer", due_on=due, told="coordinator"
    ))  # fmt: skip
    case, follow, _ = await shown(service, case_id)
    assert [(check["kind"], check["label"], check["late"]) for check in case["checks"]] == [
        ("accessibility", "Accessibilité", True)
    ]
    assert "Accessibilité : en cours" in follow
    await service.hear(
        QuestionAskedV1(
            case_id=case_id,
            **CHECK,
            question_id=question,
            question="Quel lecteur d’écran ?",
            asked_at=now(),
            asked_by_title="Référent",
            answer_expected_by=due,
        )
    )
    case, follow, listed = await shown(service, case_id)
    assert (case["questions"][0]["check"], case["questions"][0]["check_label"]) == ("accessibility", "Accessibilité")
    assert case["checks"][0]["clock_stopped"]
    assert [waiting["told"] for waiting in case["waiting_for"]] == ["requester"]
    assert "Volet accessibilité" in follow
    assert "Réponse attendue" in listed
    answered = await service.client.post(
        f"/demandes/api/requests/{case_id}/answers",
        json={"question_id": str(question), "answer": "NVDA."},
        headers=service.by("requester-chu"),
    )
    assert answered.status_code == 200, answered.text
    async with service.running.pool.acquire() as db:
        sent = await db.fetchval("SELECT data FROM outbox WHERE type = $1", QuestionAnsweredV1.type)
    assert QuestionAnsweredV1.model_validate_json(sent).check_label == "Accessibilité"


async def test_an_unknown_opinion_closes_its_check_under_its_label(service: Service) -> None:
    case_id = UUID(await service.create())
    given = OpinionGivenV1(
        case_id=case_id, **CHECK, opinion="abstained", opinion_label="Sans avis", conditions=0, given_at=now(),
        reviewer_title="Référent",
    )  # fmt: skip
    await service.hear(opened(case_id), given)
    case, follow, _ = await shown(service, case_id)
    [check] = case["checks"]
    assert (check["opinion"], check["opinion_label"], check["state"]) == ("abstained", "Sans avis", "sans avis")
    assert "Accessibilité : sans avis" in follow
    assert "1 volet rendu sur 1" in case["in_plain_words"].replace("\u00a0", " ")


async def test_an_unknown_verdict_is_shown_by_its_label_and_leaves_the_case_open(service: Service) -> None:
    case_id = UUID(await service.create())
    await service.hear(opened(case_id), decided(case_id))
    case, follow, listed = await shown(service, case_id)
    assert (case["decision"]["verdict"], case["decision"]["label"]) == ("postponed", "Ajourné")
    assert (case["decision"]["computed"], case["decision"]["computed_label"]) == ("split", "Partagé")
    assert [duty["check_label"] for duty in case["decision"]["conditions"] + case["decision"]["comments"]] == [
        "Accessibilité",
        "Accessibilité",
    ]
    assert case["status_label"] == "Ajourné"
    assert case["in_plain_words"] == "La DSI a rendu sa décision : Ajourné."
    assert [waiting["told"] for waiting in case["waiting_for"]] == ["buyer"]
    assert "withdraw" in case["may"]
    assert '<span class="tag plain">Ajourné</span>' in listed
    assert '<span class="tag plain">Ajourné</span>' in follow
    assert "favorable" not in follow.lower()
    assert "« Partagé »" in follow
    assert "<b>Accessibilité</b> : Contraste à corriger." in follow


async def test_an_unknown_route_is_proposed_and_decided_under_its_label(service: Service) -> None:
    case_id = UUID(await service.create())
    label = "Location longue durée"
    route: dict[str, Any] = {"route": "leasing", "route_label": label, "explanation": WHY, "in_plain_words": ""}
    asked: list[Event] = [
        opened(case_id),
        decided(case_id, "favourable", "Favorable"),
        RouteProposedV1(case_id=case_id, proposed_at=now(), **route),
    ]
    await service.hear(*asked)
    case, follow, listed = await shown(service, case_id)
    assert (case["proposed_route"]["route"], case["proposed_route"]["label"]) == ("leasing", label)
    assert f"Proposée : {label}" in follow
    assert "Voie d’achat proposée" in listed
    await service.hear(
        RouteDecidedV1(
            case_id=case_id,
            decided_at=now(),
            proposed="leasing",
            overridden=False,
            decided_by_title="Acheteur",
            **route,
        )
    )
    case, follow, listed = await shown(service, case_id)
    assert (case["status"], case["route"]["label"], case["waiting_for"]) == ("routed", label, [])
    assert case["in_plain_words"] == f"Voie d’achat : {label}."
    assert label in follow
    assert "Voie d’achat décidée" in listed


async def test_an_unknown_answer_to_a_census_does_not_count_as_joining(service: Service) -> None:
    case_id = UUID(await service.create())
    members = (str(new_id())[:9], str(new_id())[9:18])
    answers = (
        MemberAnswer(establishment=members[0], answer="joining_later", answer_label="Plus tard", answered=True),
        MemberAnswer(establishment=members[1], answer="joining", answered=True),
    )
    census = CensusOpenedV1(
        case_id=case_id,
        opened_at=now(),
        deadline=now() + timedelta(days=9),
        members=members,
        in_plain_words="On demande.",
    )
    closed = CensusClosedV1(case_id=case_id, closed_at=now(), answers=answers, in_plain_words="Une réponse sur deux.")
    await service.hear(opened(case_id), census, closed)
    case, _, _ = await shown(service, case_id)
    assert (case["census"]["members"], case["census"]["joined"]) == (2, 1)
