"""What the review service promises when several act at once, when time passes, and when others look on."""

import asyncio
from datetime import timedelta
from uuid import UUID

from services.review.actions.live import LIVE
from services.review.pages.live import sentences
from shared.casework import deadlines
from shared.contracts.events.requests import QuestionAnsweredV1, RequestWithdrawnV1
from shared.contracts.vocabulary import CheckKind
from shared.database.postgres import EVERYTHING, reading
from shared.identity.demo import REVIEWER_OF
from shared.operations.story import verify_page
from tests.helpers.review_cases import CHU, MONDAY, ROANNE, client, deliver, person, review_service, submitted
from tests.helpers.servers import Database
from tests.integration.test_review_opinions import CHECKS, FAVOURABLE, outbox


async def test_of_two_who_take_a_check_at_once_one_has_it(review_database: Database) -> None:
    async with review_service(review_database) as running:
        event = submitted()
        await deliver(running, event, MONDAY)
        path = f"/instruction/api/reviews/{event.case_id}/checks/security/taking"
        async with client(running, "rssi") as first, client(running, "rssi-2") as second:
            answers = await asyncio.gather(first.post(path), second.post(path))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        assert [kind for kind, _ in await outbox(running)] == ["review-opened", "check-taken"]


async def test_opinions_given_at_the_same_moment_decide_once(review_database: Database) -> None:
    async with review_service(review_database) as running:
        events = [submitted(data="health") for _ in range(8)]
        for event in events:
            await deliver(running, event, MONDAY)

        async def give(case_id: UUID, kind: str, account: str) -> int:
            async with client(running, account) as http:
                answer = await http.post(f"/instruction/api/reviews/{case_id}/checks/{kind}/opinion", json=FAVOURABLE)
            return answer.status_code

        codes = await asyncio.gather(
            *[give(e.case_id, kind, who) for e in events for kind, who in REVIEWER_OF.items() for _ in range(2)]
        )
        assert set(codes) == {200}
        said = [kind for kind, _ in await outbox(running)]
        assert said.count("opinion-given") == len(REVIEWER_OF) * len(events)
        assert said.count("review-decided") == len(events)
        assert (await verify_page(running.pool, "review", None, 1000)).breaks == []


async def test_what_is_late_is_told_once_by_the_sweep(review_database: Database) -> None:
    async with review_service(review_database) as running:
        event = submitted(urgency="critical", urgency_reason="Audit")
        await deliver(running, event, MONDAY)

        async def sweep(days: int) -> int:
            return await deadlines.sweep(
                running.pool,
                running.service.deadlines,
                lambda case_id, now: running.service.deadline_passed(running, case_id, now),
                MONDAY + timedelta(days=days),
            )

        assert [await sweep(1), await sweep(4), await sweep(5)] == [0, 1, 0]
        late = [data for kind, data in await outbox(running) if kind == "review-late"]
    assert [(one["waiting_for"], one["told"]) for one in late] == [("reviewer", "coordinator")] * len(CHECKS)


async def test_an_answer_from_the_requester_puts_the_check_back_at_work(review_database: Database) -> None:
    async with review_service(review_database) as running, client(running, "rssi") as http:
        event = submitted()
        await deliver(running, event, MONDAY)
        check = f"/instruction/api/reviews/{event.case_id}/checks/security"
        asked = (await http.post(f"{check}/questions", json={"question": "Qui héberge les données ?"})).json()
        answer = QuestionAnsweredV1(
            case_id=event.case_id,
            question_id=asked["question_id"],
            check=CheckKind.SECURITY,
            answer="Le centre de données du CHU.",
            answered_at=MONDAY,
            answered_by="requester-chu",
        )
        await deliver(running, answer, MONDAY)
        await deliver(running, answer, MONDAY)
        whole = (await http.get(f"/instruction/api/reviews/{event.case_id}")).json()
    security = next(one for one in whole["checks"] if one["kind"] == "security")
    assert (security["status"], security["questions"][0]["answer"]) == ("taken", "Le centre de données du CHU.")


async def test_a_withdrawn_request_refuses_opinions(review_database: Database) -> None:
    async with review_service(review_database) as running, client(running, "rssi") as http:
        event = submitted()
        await deliver(running, event, MONDAY)
        gone = RequestWithdrawnV1(case_id=event.case_id, withdrawn_at=MONDAY, reason="Le besoin n’existe plus.")
        await deliver(running, gone, MONDAY)
        refused = await http.post(f"/instruction/api/reviews/{event.case_id}/checks/security/opinion", json=FAVOURABLE)
        assert (refused.status_code, refused.json()["slug"]) == (409, "request-withdrawn")
        assert (await http.get("/instruction/api/checks")).json()["checks"] == []


async def test_the_database_itself_hides_other_establishments(review_database: Database) -> None:
    async with review_service(review_database) as running:
        for establishment in (CHU, ROANNE):
            await deliver(running, submitted(establishment=establishment), MONDAY)
        for scope, reviews, checks in ((ROANNE, 1, len(CHECKS)), ("", 0, 0), (EVERYTHING, 2, 2 * len(CHECKS))):
            async with reading(running.pool, scope) as db:
                assert await db.fetchval("SELECT count(*) FROM review") == reviews
                assert await db.fetchval("SELECT count(*) FROM review_check") == checks


async def test_the_trail_tells_who_decided_what_and_why(review_database: Database) -> None:
    async with review_service(review_database) as running:
        event = submitted()
        await deliver(running, event, MONDAY)
        for kind in CHECKS:
            async with client(running, REVIEWER_OF[kind]) as http:
                await http.post(f"/instruction/api/reviews/{event.case_id}/checks/{kind}/opinion", json=FAVOURABLE)
        async with client(running, "auditor") as http:
            story = (await http.get(f"/instruction/api/cases/{event.case_id}/story")).json()
    assert [line["action"] for line in story] == ["review_opened", *["opinion_given"] * len(CHECKS), "review_decided"]
    security = next(line for line in story if line["detail"].get("check") == "security")
    assert security["actor"] == "rssi"
    assert security["detail"]["stated_met"]
    assert story[-1]["detail"]["rule"] == "all_favourable"


async def test_open_pages_hear_what_colleagues_do_in_their_establishments(review_database: Database) -> None:
    async with review_service(review_database) as running:
        ours, theirs = submitted(), submitted(establishment=ROANNE)
        for event in (ours, theirs):
            await deliver(running, event, MONDAY)
        looking = sentences(person("rssi-2"), None, CheckKind.SECURITY)
        elsewhere = sentences(person("reviewer-functional-roanne"), None, None)
        await anext(looking), await anext(elsewhere)
        heard, far = asyncio.ensure_future(anext(looking)), asyncio.ensure_future(anext(elsewhere))
        async with client(running, "rssi") as http:
            await http.post(f"/instruction/api/reviews/{ours.case_id}/checks/security/taking")
            assert "pris un volet" in str((await asyncio.wait_for(heard, 5)).data)
            assert not far.done()
            await http.post(f"/instruction/api/reviews/{theirs.case_id}/checks/security/taking")
            assert "pris un volet" in str((await asyncio.wait_for(far, 5)).data)
        await looking.aclose()
        await elsewhere.aclose()
        assert not LIVE._open
