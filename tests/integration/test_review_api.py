"""The API of the review service as a stranger finds it, on a real database."""

from datetime import timedelta
from typing import Any

from shared.basics import clock
from shared.identity.demo import REVIEWER_OF
from tests.helpers.review_cases import EVIDENCE, MONDAY, ROANNE, client, deliver, need, review_service, submitted
from tests.helpers.servers import Database
from tests.integration.test_review_opinions import FAVOURABLE, outbox


async def test_the_openapi_document_describes_every_act(review_database: Database) -> None:
    async with review_service(review_database) as running, client(running, "coordinator") as http:
        document = (await http.get("/instruction/openapi.json")).json()
    acts = {
        (path, method)
        for path, item in document["paths"].items()
        for method in item
        if path.startswith("/instruction/api/re")
    }
    for path, method in acts:
        operation = document["paths"][path][method]
        assert operation["summary"], path
        assert operation["responses"]["default"], path
        if method in ("post", "put") and not path.endswith(("/taking", "/release")):
            assert operation["requestBody"]["content"]["application/json"]["schema"], path


async def test_the_work_list_goes_on_where_it_stopped(review_database: Database) -> None:
    async with review_service(review_database) as running, client(running, "auditor") as http:
        events = [submitted() for _ in range(5)]
        for event in events[:3]:
            await deliver(running, event, MONDAY)
        first = (await http.get("/instruction/api/reviews", params={"limit": 2})).json()
        second = (await http.get("/instruction/api/reviews", params={"after": first["next"]})).json()
        nothing = (await http.get("/instruction/api/reviews", params={"after": second["next"]})).json()
        for event in events[3:]:
            await deliver(running, event, MONDAY)
        news = (await http.get("/instruction/api/reviews", params={"after": nothing["next"]})).json()
    listed = [line["case_id"] for page in (first, second, nothing, news) for line in page["reviews"]]
    assert listed == [str(event.case_id) for event in events]


async def test_a_queue_is_read_page_by_page_in_due_order(review_database: Database) -> None:
    async with review_service(review_database) as running, client(running, "rssi") as http:
        for urgency in ("normal", "critical", "high", "normal"):
            await deliver(running, submitted(urgency=urgency, urgency_reason="Audit"), MONDAY)
        seen, after = [], None
        while True:
            params: dict[str, str | int] = {"kind": "security", "limit": 2}
            if after:
                params["after"] = after
            page = (await http.get("/instruction/api/checks", params=params)).json()
            seen += page["checks"]
            after = page["next"]
            if after is None:
                break
    assert [line["urgency"] for line in seen] == ["critical", "high", "normal", "normal"]
    assert len({line["case_id"] for line in seen}) == 4


async def test_the_whole_review_shows_items_with_what_was_stated(review_database: Database) -> None:
    async with review_service(review_database) as running, client(running, "rssi") as http:
        event = submitted(data="health")
        await deliver(running, event, MONDAY)
        await http.post(f"/instruction/api/reviews/{event.case_id}/checks/security/opinion", json=FAVOURABLE)
        whole = (await http.get(f"/instruction/api/reviews/{event.case_id}")).json()
    security = next(check for check in whole["checks"] if check["kind"] == "security")
    assert {item["evidence"] for item in security["items"]} == {EVIDENCE}
    assert len(whole["checks"]) == len(REVIEWER_OF)


async def test_cases_of_other_establishments_do_not_exist(review_database: Database) -> None:
    async with review_service(review_database) as running, client(running, "reviewer-functional-roanne") as http:
        ours, theirs = submitted(establishment=ROANNE, requester="requester-roanne"), submitted()
        await deliver(running, ours, MONDAY)
        await deliver(running, theirs, MONDAY)
        listed = (await http.get("/instruction/api/checks")).json()["checks"]
        refused = await http.post(
            f"/instruction/api/reviews/{theirs.case_id}/checks/functional/opinion", json=FAVOURABLE
        )
        read = await http.get(f"/instruction/api/reviews/{theirs.case_id}")
    assert [line["case_id"] for line in listed] == [str(ours.case_id)]
    assert refused.status_code == read.status_code == 404


async def test_nothing_that_is_sent_breaks_the_service(review_database: Database) -> None:
    async with review_service(review_database) as running, client(running, "rssi") as http:
        event = submitted()
        await deliver(running, event, MONDAY)
        check = f"/instruction/api/reviews/{event.case_id}/checks/security"
        for path, body in [
            (f"{check}/opinion", {"opinion": "maybe"}),
            (f"{check}/opinion", {"opinion": "favourable", "comment": "a\u0000b", "checklist": "all_met"}),
            (f"{check}/opinion", {"opinion": "favourable", "comment": "x" * 5000, "checklist": "all_met"}),
            (f"{check}/opinion", {"opinion": "favourable", "answers": {"nope": {"value": "yes"}}}),
            (f"{check}/opinion", {"opinion": "favourable", "unknown": 1}),
            (f"{check}/questions", {"question": ""}),
            (f"{check}/questions", []),
            (f"/instruction/api/reviews/{event.case_id}/checks/nothing/opinion", FAVOURABLE),
        ]:
            answer = await http.post(path, json=body)
            assert answer.status_code == 422, (path, body, answer.text)
            assert answer.headers["content-type"].startswith("application/problem+json")
        raw = await http.post(f"{check}/opinion", content=b'{"opinion":"favourable","comment":"\\ud800"}')
        assert raw.status_code == 422
        for params in ({"after": "x"}, {"after": "é"}, {"limit": 0}, {"limit": 10**9}, {"kind": "x"}, {"state": "x"}):
            assert (await http.get("/instruction/api/checks", params=params)).status_code == 422, params
        for after in ("-1", "x", "9" * 20, "²"):
            assert (await http.get("/instruction/api/reviews", params={"after": after})).status_code in (200, 422), (
                after
            )
        assert (await http.get(f"/instruction/api/reviews/{need().reference}")).status_code == 404


async def test_a_question_stops_the_clock_and_goes_to_the_requester(review_database: Database) -> None:
    async with review_service(review_database) as running, client(running, "rssi") as http:
        event = submitted()
        await deliver(running, event, MONDAY)
        check = f"/instruction/api/reviews/{event.case_id}/checks/security"
        asked = await http.post(f"{check}/questions", json={"question": "Qui héberge les données ?"})
        assert asked.status_code == 201, asked.text
        waiting = (await http.get("/instruction/api/checks", params={"state": "waiting_answer"})).json()["checks"]
        said = await outbox(running)
    assert [line["case_id"] for line in waiting] == [str(event.case_id)]
    assert said[-1][0] == "question-asked"
    assert said[-1][1]["question_id"] == asked.json()["question_id"]


async def test_taking_releasing_and_reassigning(review_database: Database) -> None:
    async with review_service(review_database) as running:
        event = submitted()
        await deliver(running, event, MONDAY)
        check = f"/instruction/api/reviews/{event.case_id}/checks/functional"
        async with client(running, "reviewer-functional") as first, client(running, "reviewer-functional-2") as second:
            assert (await first.post(f"{check}/taking")).json()["holder"] == "reviewer-functional"
            refused = await second.post(f"{check}/opinion", json=FAVOURABLE)
            assert (refused.status_code, refused.json()["slug"]) == (409, "held-by-another")
            assert (await second.post(f"{check}/release")).status_code == 409
            async with client(running, "coordinator") as boss:
                moved = await boss.post(f"{check}/reassignment", json={"reviewer": "reviewer-functional-2"})
            assert moved.json()["holder"] == "reviewer-functional-2"
            assert (await second.post(f"{check}/opinion", json=FAVOURABLE)).status_code == 200
        said = [kind for kind, _ in await outbox(running)]
    assert said == ["review-opened", "check-taken", "check-taken", "opinion-given"]


async def test_several_checks_are_taken_at_once_and_each_has_its_answer(review_database: Database) -> None:
    async with review_service(review_database) as running, client(running, "rssi-2") as http:
        mine, other = submitted(requester="rssi-2"), submitted()
        for event in (mine, other):
            await deliver(running, event, MONDAY)
        body = {"checks": [{"case_id": str(event.case_id), "kind": "security"} for event in (mine, other)]}
        lines = (await http.post("/instruction/api/checks/taking", json=body)).json()["checks"]
    assert [(line["taken"], line["slug"]) for line in lines] == [(False, "own-request"), (True, None)]


async def test_a_substitute_works_the_check_of_an_absent_colleague(review_database: Database) -> None:
    async with review_service(review_database) as running:
        event = submitted()
        await deliver(running, event, MONDAY)
        opinion = f"/instruction/api/reviews/{event.case_id}/checks/security/opinion"
        async with client(running, "rssi") as http:
            await http.post(f"/instruction/api/reviews/{event.case_id}/checks/security/taking")
        async with client(running, "rssi-2") as http, client(running, "coordinator") as boss:
            assert (await http.post(opinion, json=FAVOURABLE)).status_code == 409
            away = {"reviewer": "rssi", "substitute": "rssi-2", "from_on": "2020-01-01", "to_on": "2020-06-01"}
            assert (await boss.post("/instruction/api/absences", json=away)).status_code == 201
            assert (await http.post(opinion, json=FAVOURABLE)).status_code == 409
            day = clock.now().date()
            away |= {"from_on": str(day - timedelta(days=1)), "to_on": str(day + timedelta(days=30))}
            entered = await boss.post("/instruction/api/absences", json=away)
            assert entered.status_code == 201, entered.text
            assert (await boss.post("/instruction/api/absences", json=away)).json() == entered.json()
            assert (await http.post(opinion, json=FAVOURABLE)).status_code == 200


async def test_the_coordinator_overrules_and_both_decisions_go_out(review_database: Database) -> None:
    async with review_service(review_database) as running:
        event = submitted()
        await deliver(running, event, MONDAY)
        for kind, account in REVIEWER_OF.items():
            if kind == "privacy":
                continue
            given = (
                {"opinion": "unfavourable", "comment": "L’éditeur refuse le bastion."}
                if kind == "security"
                else FAVOURABLE
            )
            async with client(running, account) as http:
                await http.post(f"/instruction/api/reviews/{event.case_id}/checks/{kind}/opinion", json=given)
        async with client(running, "coordinator") as boss:
            path = f"/instruction/api/reviews/{event.case_id}/arbitration"
            assert (await boss.post(path, json={"verdict": "favourable", "reason": "parce que"})).status_code == 422
            body: dict[str, Any] = {
                "verdict": "favourable_with_conditions",
                "reason": "Continuité des soins : pas de relais avant la fin du contrat.",
                "conditions": [{"check": "security", "text": "Passer par le bastion sous deux mois."}],
            }
            decided = await boss.post(path, json=body)
            again = await boss.post(path, json=body)
        assert decided.status_code == again.status_code == 200, decided.text
        said = await outbox(running)
    decisions = [data for kind, data in said if kind == "review-decided"]
    assert [one["verdict"] for one in decisions] == ["unfavourable", "favourable_with_conditions"]
    assert decisions[1]["overruling"]["computed"] == "unfavourable"
