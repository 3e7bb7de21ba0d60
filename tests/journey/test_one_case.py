"""One case from the form to its decided route, and back to the requester as a status: once for each route."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from convergence.files.request_file import read_requests
from convergence.scenario import cast
from shared.contracts.vocabulary import Route
from shared.identity.demo import ESTABLISHMENTS, REVIEWER_OF
from shared.reference.demo_data import REQUESTS, demo_script
from tests.helpers.site import RunningSite
from tests.journey.people import People, View, import_catalogue

REQUESTERS = {finess: cast.requester(finess) for finess in ESTABLISHMENTS}


@dataclass(frozen=True)
class Facts:
    """An example request and what the buyer will learn about it."""

    requester: str
    body: dict[str, Any]
    costs: dict[str, Any] | None
    fits: bool | None

    @classmethod
    def of(cls, reference: str) -> "Facts":
        line = next(line for line in read_requests(REQUESTS).good if line.reference == reference)
        script = demo_script().line(reference)
        return cls(
            requester=REQUESTERS[line.establishment],
            body=line.body,
            costs=script.purchase.model_dump(mode="json") if script.purchase else None,
            fits=script.reuse.fits if script.reuse else None,
        )


@pytest.fixture(scope="module")
def people(site: RunningSite) -> Iterator[People]:
    """Everybody, on a site whose catalogue is known."""
    people = People(site)
    import_catalogue(site, people)
    yield people
    people.close()


WAYS = {
    Route.NO_PURCHASE: "EX-040",
    Route.REUSE: "EX-004",
    Route.CENTRAL_BODY_ORDER: "EX-012",
    Route.CENTRAL_BODY_FURTHER_COMPETITION: "EX-015",
    Route.CENTRAL_BODY_DYNAMIC_SYSTEM: "EX-019",
    Route.NEGOTIATED_WITHOUT_COMPETITION: "EX-026",
    Route.DIRECT_PURCHASE: "EX-029",
}


@pytest.mark.parametrize(("route", "example"), WAYS.items(), ids=[str(route) for route in WAYS])
def test_a_request_arrives_at_its_route_and_its_author_is_told(people: People, route: Route, example: str) -> None:
    facts = Facts.of(example)
    case = f"one-{route}"
    case_id = submit(people, facts, case)
    review(people, case_id, facts)
    purchase = qualify(people, case_id, facts)
    assert purchase["proposal"]["route"] == route
    decided = people.do("buyer", "purchasing", f"/achats/api/purchases/{case_id}/decision", {"route": route})
    assert decided["decision"]["route"] == route
    told = people.see(
        facts.requester, "request", f"/demandes/api/requests/{case_id}", lambda now: now["status"] == "routed"
    )
    assert told["route"]["route"] == route
    assert told["route"]["in_plain_words"] in told["in_plain_words"]
    assert told["route"]["rule"] == purchase["proposal"]["explanation"]["rule"]
    assert any(tried["matched"] for tried in told["route"]["tried"])


def test_the_members_that_join_lead_to_a_shared_tender(people: People) -> None:
    facts = Facts.of("EX-033")
    case_id = consult(people, facts, "shared", timedelta(days=10))
    people.see(facts.requester, "request", f"/demandes/api/requests/{case_id}", lambda now: now["status"] == "census")
    purchase = people.get("buyer", "purchasing", f"/achats/api/purchases/{case_id}")
    asked = [member["establishment"] for member in purchase["census"]["members"]]
    for number, establishment in enumerate(asked):
        answer = {"answer": "joining" if number == 0 else "not_joining"}
        people.do(
            cast.contact(establishment), "purchasing", f"/achats/api/censuses/{case_id}/answer", answer, method="PUT"
        )
    told = people.see(
        facts.requester, "request", f"/demandes/api/requests/{case_id}", lambda now: now["status"] == "routed"
    )
    assert told["route"]["route"] == Route.SHARED_TENDER
    assert told["route"]["rule"] == "shared-tender"
    assert told["census"]["joined"] == 1


def test_silence_until_the_deadline_leads_to_an_own_tender(people: People) -> None:
    facts = Facts.of("EX-036")
    case_id = consult(people, facts, "silence", timedelta(seconds=10))
    told = people.see(
        facts.requester, "request", f"/demandes/api/requests/{case_id}", lambda now: now["status"] == "routed"
    )
    assert told["route"]["route"] == Route.OWN_TENDER
    assert told["route"]["rule"] == "own-tender"
    assert told["census"]["joined"] == 0


def test_one_unfavourable_opinion_ends_a_case_without_a_purchase(people: People) -> None:
    facts = Facts.of("EX-047")
    case_id = submit(people, facts, "refused")
    review(people, case_id, facts, unfavourable="L’éditeur refuse l’accès par le bastion.")
    told = people.see(
        facts.requester, "request", f"/demandes/api/requests/{case_id}", lambda now: now["status"] == "refused"
    )
    assert told["decision"]["verdict"] == "unfavourable"
    assert told["route"] is None


def test_a_question_stops_the_clock_until_the_author_answers(people: People) -> None:
    facts = Facts.of("EX-029")
    case_id = submit(people, facts, "question")
    path = f"/instruction/api/reviews/{case_id}"
    people.see("rssi", "review", path)
    people.do("rssi", "review", f"{path}/checks/security/questions", {"question": "Qui assure les mises à jour ?"})
    waiting = people.see(
        facts.requester, "request", f"/demandes/api/requests/{case_id}", lambda now: now["status"] == "answer_awaited"
    )
    (question,) = waiting["questions"]
    answer = {"question_id": question["question_id"], "answer": "L’éditeur, chaque trimestre."}
    people.do(facts.requester, "request", f"/demandes/api/requests/{case_id}/answers", answer)
    seen = people.see("rssi", "review", path, lambda now: check(now, "security")["status"] == "taken")
    assert check(seen, "security")["questions"][0]["answer"] == answer["answer"]


def test_a_withdrawn_request_stops_the_other_services(people: People) -> None:
    facts = Facts.of("EX-012")
    case_id = submit(people, facts, "withdrawn")
    people.see("rssi", "review", f"/instruction/api/reviews/{case_id}")
    people.do(
        facts.requester,
        "request",
        f"/demandes/api/requests/{case_id}/withdrawal",
        {"reason": "Le besoin a disparu cet été."},
    )
    seen = people.see("rssi", "review", f"/instruction/api/reviews/{case_id}", lambda now: now["status"] == "withdrawn")
    assert all(one["status"] == "closed" for one in seen["checks"])
    refused = people.ask(
        "rssi",
        "POST",
        "review",
        f"/instruction/api/reviews/{case_id}/checks/security/opinion",
        {"opinion": "favourable"},
    )
    assert refused.status_code == 409


def test_a_request_sent_twice_with_the_same_key_is_one_case(people: People) -> None:
    facts = Facts.of("EX-019")
    assert submit(people, facts, "twice") == submit(people, facts, "twice")


def test_another_establishment_does_not_see_the_case(people: People) -> None:
    facts = Facts.of("EX-004")
    case_id = submit(people, facts, "elsewhere")
    stranger = next(slug for slug in REQUESTERS.values() if slug != facts.requester)
    assert people.ask(stranger, "GET", "request", f"/demandes/api/requests/{case_id}").status_code == 404


def submit(people: People, facts: Facts, key: str) -> str:
    created = people.do(facts.requester, "request", "/demandes/api/requests", facts.body, key=f"journey:{key}")
    return str(created["case_id"])


def review(people: People, case_id: str, facts: Facts, unfavourable: str = "") -> None:
    """Every check that the review opened gets its opinion from whoever may give it."""
    path = f"/instruction/api/reviews/{case_id}"
    opened = people.see("coordinator", "review", path)
    for one in opened["checks"]:
        opinion: dict[str, Any] = {
            "opinion": "favourable", "checklist": "all_met", "comment": "Dossier relu avec le service.",
        }  # fmt: skip
        if one["kind"] == "functional" and facts.fits is not None:
            opinion["reuse"] = [
                {"entry_id": entry["entry_id"], "fits": facts.fits, "reason": "Comparé avec le service demandeur."}
                for entry in opened["need"]["equipped"]
            ]
        if one["kind"] == "security" and unfavourable:
            opinion = {"opinion": "unfavourable", "comment": unfavourable}
        people.do(REVIEWER_OF[one["kind"]], "review", f"{path}/checks/{one['kind']}/opinion", opinion)
    people.see("coordinator", "review", path, lambda now: now["status"] == "decided")


def qualify(people: People, case_id: str, facts: Facts) -> View:
    path = f"/achats/api/purchases/{case_id}"
    opened = people.see("buyer", "purchasing", path)
    if facts.costs is None:
        return opened
    return people.do("buyer", "purchasing", f"{path}/qualification", facts.costs)


def consult(people: People, facts: Facts, key: str, lasting: timedelta) -> str:
    """A case whose purchase asks the members of the GHT."""
    case_id = submit(people, facts, key)
    review(people, case_id, facts)
    purchase = qualify(people, case_id, facts)
    assert purchase["proposal"]["route"] == Route.GHT_CENSUS
    choice = {"route": Route.GHT_CENSUS, "deadline": (datetime.now(UTC) + lasting).isoformat()}
    people.do("buyer", "purchasing", f"/achats/api/purchases/{case_id}/decision", choice)
    return case_id


def check(seen: View, kind: str) -> View:
    found: View = next(one for one in seen["checks"] if one["kind"] == kind)
    return found
