"""From a submitted request to the decision, over HTTP, on a real database."""

from typing import Any

import orjson

from services.review.model.check_kinds import asked_checks
from shared.identity.demo import REVIEWER_OF
from shared.program.running import Running
from tests.helpers.review_cases import EVIDENCE, MONDAY, client, deliver, review_service, submitted
from tests.helpers.servers import Database

CHECKS = asked_checks("none")
FAVOURABLE = {"opinion": "favourable", "checklist": "all_met", "comment": EVIDENCE}


async def outbox(running: Running[Any]) -> list[tuple[str, dict[str, Any]]]:
    rows = await running.pool.fetch("SELECT type, data FROM outbox ORDER BY position")
    return [(row[0].split(".")[1], orjson.loads(row[1])) for row in rows]


async def test_the_last_opinion_decides_the_review(review_database: Database) -> None:
    async with review_service(review_database) as running:
        event = submitted()
        await deliver(running, event, MONDAY)
        for kind in CHECKS:
            async with client(running, REVIEWER_OF[kind]) as http:
                answer = await http.post(
                    f"/instruction/api/reviews/{event.case_id}/checks/{kind}/opinion", json=FAVOURABLE
                )
            assert answer.status_code == 200, answer.text
        assert answer.json()["verdict"] == "favourable"
        said = await outbox(running)
    assert [kind for kind, _ in said] == ["review-opened", *["opinion-given"] * len(CHECKS), "review-decided"]
    assert said[-1][1]["need"]["title"] == event.need.title
    assert [opinion["check"] for opinion in said[-1][1]["opinions"]] == list(CHECKS)
