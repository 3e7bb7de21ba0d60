"""A review with words that only a later version knows, walked through every page and list of the review service."""

import msgspec

from services.review.model.review import Check
from services.review.store.reviews import encode
from shared.database.postgres import EVERYTHING, transaction
from tests.helpers.review_cases import MONDAY, client, deliver, review_service, submitted
from tests.helpers.servers import Database

LATER = Check("hologram", "Hologrammes", "2030-01-01", MONDAY.date(), holder="x", holder_title="Holographe")
INSERT = """
INSERT INTO review_check (case_id, kind, establishment, data, status, due_on, state)
SELECT case_id, $2, establishment, data, 'taken', $3, $4 FROM review WHERE case_id = $1
"""


async def test_unknown_words_are_shown_by_their_labels_everywhere(review_database: Database) -> None:
    async with review_service(review_database) as running:
        event = submitted(
            kind="pilot",
            kind_label="Pilote",
            data="genome",
            data_label="Génome",
            urgency="calm",
            urgency_label="Sereine",
        )
        await deliver(running, event, MONDAY)
        later = msgspec.structs.replace(LATER, status="taken")
        async with transaction(running.pool, EVERYTHING) as db:
            await db.execute(INSERT, event.case_id, "hologram", MONDAY.date(), encode(later).decode())
        case = f"/instruction/dossiers/{event.case_id}"
        async with client(running, "coordinator") as http:
            pages = {
                page: await http.get(page)
                for page in (
                    "/instruction", "/instruction/security?etat=ouverts", case, f"{case}/security", f"{case}/hologram",
                )
            }  # fmt: skip
            whole = (await http.get(f"/instruction/api/reviews/{event.case_id}")).json()
            lines = (await http.get("/instruction/api/checks")).json()["checks"]
            [listed] = (await http.get("/instruction/api/reviews")).json()["reviews"]
            assert (await http.get(f"{case}/nothing")).status_code == 404
        async with client(running, "dpo") as http:
            assert "Génome" in (await http.get("/instruction/privacy")).text
    assert {page: answer.status_code for page, answer in pages.items()} == dict.fromkeys(pages, 200)
    queue = pages["/instruction/security?etat=ouverts"].text
    assert all(label in queue for label in ("pilote", "Génome", "sereine"))
    assert "hologrammes" in pages[case].text
    assert "hologrammes" in pages[f"{case}/hologram"].text
    assert "Hologrammes" in pages[f"{case}/security"].text
    assert {check["kind"]: check["kind_label"] for check in whole["checks"]}["hologram"] == "Hologrammes"
    assert {(line["request_kind_label"], line["data_label"], line["urgency_label"]) for line in lines} == {
        ("Pilote", "Génome", "Sereine")
    }
    assert listed["checks"] == [
        line["kind"] for line in sorted(lines, key=lambda line: listed["checks"].index(line["kind"]))
    ]
