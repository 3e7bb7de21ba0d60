"""The demo from end to end on the real services, then every command that looks at what it left."""

import json
import time
from collections import Counter
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import jsonschema
import pytest

from services.review.words import TRAIL_WORDS
from shared.contracts.catalogue import TOPICS, Topic
from shared.contracts.documents import SCHEMAS
from shared.contracts.vocabulary import CheckKind, Route, Verdict
from shared.reference.demo_data import DemoLine, demo_script
from tests.helpers.site import RunningSite
from tests.journey.commands import Ended, convergence
from tests.journey.foreign_client import consume


@pytest.fixture(scope="module")
def played(site: RunningSite) -> Ended:
    return convergence(site, "demo", "--json")


@pytest.fixture(scope="module")
def cases(played: Ended) -> dict[str, dict[str, object]]:
    """The cases by the reference of their example."""
    return {case["example"]: case for case in played.json}


def test_the_demo_ends_well(played: Ended) -> None:
    assert played.code == 0, played.err


@pytest.mark.parametrize("line", demo_script().lines, ids=lambda line: line.reference)
def test_every_case_arrives_where_the_script_says(line: DemoLine, cases: dict[str, dict[str, object]]) -> None:
    case, expected = cases[line.reference], line.expected
    assert case["verdict"] == expected.verdict
    assert case["route"] == expected.route
    assert case["rule"] == expected.rule
    assert case["proposed"] == expected.proposed


def test_it_meets_every_verdict_and_every_route(cases: dict[str, dict[str, object]]) -> None:
    assert len(cases) >= 40
    assert {case["verdict"] for case in cases.values()} == set(Verdict)
    assert {case["route"] for case in cases.values()} - {None} == set(Route)


def test_the_bad_lines_are_named_with_their_reason(played: Ended) -> None:
    for bad in demo_script().bad_lines:
        (told,) = [line for line in played.err.splitlines() if bad.reference in line]
        assert f"{bad.field} : " in told
        assert told.endswith(".")


def test_a_second_run_changes_nothing_and_says_so(site: RunningSite, played: Ended) -> None:
    before = _counts(site)
    again = convergence(site, "demo", "--json")
    assert again.code == 0, again.err
    assert again.json == played.json
    assert "rien n’a changé" in again.err
    assert _counts(site) == before


def test_the_trail_holds(site: RunningSite, played: Ended) -> None:
    verified = convergence(site, "trail", "verify", "--json")
    assert verified.code == 0, verified.out
    assert verified.json["holds"]
    assert all(one["entries"] >= len(played.json) for one in verified.json["services"])


def test_no_message_was_parked(site: RunningSite, played: Ended) -> None:
    assert convergence(site, "parked", "list", "--json").json == []


def test_the_story_of_a_case_is_told_across_the_services(
    site: RunningSite, cases: dict[str, dict[str, object]]
) -> None:
    reference = str(cases["EX-034"]["reference"])
    told = convergence(site, "case", reference, "--json").json
    story = told["story"]
    assert told["unavailable"] == {}
    assert [line["service"] for line in story][:2] == ["request", "review"]
    assert Counter(line["action"] for line in story)["opinion_given"] == len(CheckKind), (
        "its data are about health: every check was asked"
    )
    assert [line["action"] for line in story if line["label"] == line["action"]] == []
    assert story[-1]["detail"]["rule"] == "shared-tender"
    shown = convergence(site, "case", reference)
    assert TRAIL_WORDS["verdict_overruled"] not in shown.out
    assert "Appel d’offres mutualisé" in shown.out
    assert "Délégué à la protection des données (DPO)" in shown.out


def test_an_arbitration_is_part_of_the_story(site: RunningSite, cases: dict[str, dict[str, object]]) -> None:
    shown = convergence(site, "case", str(cases["EX-048"]["case_id"]))
    assert TRAIL_WORDS["verdict_overruled"] in shown.out


def test_a_service_that_is_down_is_said_and_the_others_are_shown(
    site: RunningSite, cases: dict[str, dict[str, object]]
) -> None:
    site.stop("purchasing")
    try:
        shown = convergence(site, "case", str(cases["EX-012"]["case_id"]))
        verified = convergence(site, "trail", "verify")
    finally:
        site.start("purchasing")
    assert TRAIL_WORDS["opinion_given"] in shown.out
    assert "« Achats » ne répond pas" in shown.err
    assert verified.code == 1
    assert "Instruction" in verified.out


def test_topics_are_as_the_catalogue_says_and_read_to_their_end(site: RunningSite, played: Ended) -> None:
    deadline = time.monotonic() + 30
    while True:
        told = convergence(site, "topics", "--json")
        assert told.code == 0, told.out
        topics = told.json["topics"]
        left = {topic["name"]: topic["real"]["lag"] for topic in topics if _unread(topic)}
        if not left:  # offsets are committed behind the database, half a second at most
            break
        assert time.monotonic() < deadline, left
    for topic in topics:
        assert topic["differences"] == []
        assert topic["real"]["messages"] > 0
        assert topic["real"]["lag"] == dict.fromkeys(topic["consumers"], 0)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_client_that_is_not_ours_reads_cloudevents(site: RunningSite, played: Ended, topic: Topic) -> None:
    count = _counts(site)[topic.name]
    messages = consume(site.kafka, topic.name, count)
    assert len(messages) == count > 0
    for message in messages:
        headers = message.headers
        assert headers["ce_specversion"] == "1.0"
        assert headers["content-type"] == "application/json"
        assert headers["ce_subject"] == message.key
        assert headers["ce_source"] == f"/services/{topic.producer}"
        for name in ("ce_id", "ce_correlationid", "ce_causationid"):
            assert str(UUID(headers[name])) == headers[name]
        assert datetime.fromisoformat(headers["ce_time"]).utcoffset() is not None
        assert headers["ce_type"] in topic.types
        _validator(headers["ce_type"]).validate(json.loads(message.value))
    # An event that was sent again stands twice, under the same id.
    events = list({message.headers["ce_id"]: message for message in messages}.values())
    for key in {event.key for event in events}:
        places = [int(event.headers["ce_sequence"]) for event in events if event.key == key]
        assert places == sorted(set(places)), f"{key} out of order"


@cache
def _validator(event_type: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{event_type}.json").read_text()))


def _unread(topic: dict[str, Any]) -> bool:
    """Whether a consumer has not read it to its end, or has not said so yet."""
    return any(lag != 0 for lag in topic["real"]["lag"].values())


def _counts(site: RunningSite) -> dict[str, int]:
    topics = convergence(site, "topics", "--json").json["topics"]
    return {topic["name"]: topic["real"]["messages"] for topic in topics}
