# ruff: noqa: E501, ISC004, S608 -- a table of statements reads best with one on a line
"""The checker has nothing to say of a quiet run, and objects as soon as a row, a message or a line is not as it was."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from faults.checker import check
from faults.checker.evidence import Evidence, Message, Struck
from faults.checker.read import read_database
from faults.ledger import Line
from tests.faults.conftest import CASES, Quiet

LOST = "nothing acknowledged is lost"
TWICE = "nothing happens twice"
CAUSE = "repetitions have a cause"
ORDER = "order per case holds"
REPLAY = "every read model equals its replay"
DEADLINE = "every waiting case has a deadline"
TRAIL = "the trail verifies"
NAMES = "the trail names who decided"
DRAINED = "all is drained within a minute of the last repair"
PARKED = "only poison is parked, each with its reason"
ANSWERED = "everybody is answered"
KAFKA = "forms are accepted without Kafka"

A_ROUTED = "(SELECT case_id FROM purchase WHERE state = 'decided' ORDER BY case_id LIMIT 1)"
A_REQUEST = "(SELECT case_id FROM request WHERE stage = 'routed' ORDER BY case_id LIMIT 1)"
A_REVIEW = "(SELECT case_id FROM review WHERE status = 'decided' ORDER BY case_id LIMIT 1)"
AN_ENTRY = "WHERE case_id = (SELECT min(case_id::text)::uuid FROM trail) AND n = 1"

DOCTORED_DATABASES = [
    ("a request is gone", LOST, "request", f"DELETE FROM request WHERE case_id = {A_REQUEST}"),
    ("a review is gone", LOST, "review", f"DELETE FROM review WHERE case_id = {A_REVIEW}"),
    ("an opinion is gone", LOST, "review", f"UPDATE review_check SET state = (state::jsonb - 'given')::text WHERE case_id = {A_REVIEW}"),
    ("a qualification is gone", LOST, "purchasing", f"UPDATE purchase SET work = '{{}}' WHERE case_id = {A_ROUTED}"),
    ("a catalogue entry is gone", LOST, "request", "DELETE FROM catalogue_entry"),
    ("a request too many", TWICE, "request",
     "INSERT INTO request SELECT (json_populate_record(r, json_build_object('case_id', gen_random_uuid()))).* FROM request r LIMIT 1"),
    ("an event that was counted and not sent", ORDER, "review", "UPDATE case_head SET event_count = event_count + 1"),
    ("a stage of its own", REPLAY, "request", f"UPDATE request SET stage = 'submitted' WHERE case_id = {A_REQUEST}"),
    ("a route of its own", REPLAY, "request",
     f"UPDATE request SET follow_up = jsonb_set(follow_up::jsonb, '{{decided,route}}', '\"reuse\"')::text WHERE case_id = {A_REQUEST}"),
    ("a review that is open again", REPLAY, "review", f"UPDATE review SET status = 'open' WHERE case_id = {A_REVIEW}"),
    ("a purchase that waits again", REPLAY, "purchasing", f"UPDATE purchase SET state = 'to_confirm' WHERE case_id = {A_ROUTED}"),
    ("a catalogue entry of another version", REPLAY, "request", "UPDATE catalogue_entry SET version = 'x', retired = NOT retired"),
    ("a check that nobody waits for", DEADLINE, "review",
     f"UPDATE review_check SET status = 'to_take', deadline_at = NULL WHERE case_id = {A_REVIEW}"),
    ("a purchase that nobody waits for", DEADLINE, "purchasing",
     f"UPDATE purchase SET state = 'to_confirm', deadline_at = NULL WHERE case_id = {A_ROUTED}"),
    ("a request that nobody waits for", DEADLINE, "request",
     f"UPDATE request SET stage = 'approved', deadline_at = NULL WHERE case_id = {A_REQUEST}"),
    ("another text", TRAIL, "review", f"UPDATE trail SET entry = replace(entry, 'system', 'somebody') {AN_ENTRY}"),
    ("an entry less in the middle", TRAIL, "review", f"DELETE FROM trail {AN_ENTRY}"),
    ("an entry less at the end", TRAIL, "review", f"DELETE FROM trail t WHERE case_id = {A_REVIEW} AND n = (SELECT max(n) FROM trail WHERE case_id = t.case_id)"),
    ("a chain without a case", TRAIL, "request", f"DELETE FROM case_head WHERE case_id = {A_REQUEST}"),
    ("a chain that was cut and counted anew", NAMES, "request", "DELETE FROM trail"),
    ("an event in the outbox", DRAINED, "request",
     "INSERT INTO outbox (event_id, topic, type, key, occurred_at, correlation_id, causation_id, sequence, data) "
     "SELECT gen_random_uuid(), 't', 'y', case_id, now(), case_id, case_id, 1, '{}' FROM request LIMIT 1"),
    ("an event without effect", DRAINED, "review", "DELETE FROM inbox"),
    ("a message set aside", PARKED, "request",
     "INSERT INTO parked_message (consumer, topic, partition, \"offset\", header_names, header_values, slug, reason, attempts, parked_at) "
     "VALUES ('request', 'case.reviews', 0, 0, '{}', '{}', 'handler-failed', 'x', 5, now())"),
]  # fmt: skip


def test_a_quiet_run_leaves_nothing_to_object_to(quiet: Quiet) -> None:
    assert check(quiet.evidence) == []
    assert quiet.result.ends.get("routed", 0) > CASES / 3, "the people did what they came for"
    assert len(quiet.evidence.messages) > CASES * 8


@pytest.mark.parametrize(
    ("what", "promise", "service", "sql"), DOCTORED_DATABASES, ids=[d[0] for d in DOCTORED_DATABASES]
)
async def test_it_objects_to_a_doctored_database(quiet: Quiet, what: str, promise: str, service: str, sql: str) -> None:
    db = await quiet.rig.database(service)
    try:
        await db.execute("BEGIN; SET LOCAL session_replication_role = replica")
        changed = await db.execute(sql)
        assert not changed.endswith(" 0"), f"nothing was doctored: {changed}"
        doctored = await read_database(db, service)
    finally:
        await db.close()
    databases = {**quiet.evidence.databases, service: doctored}
    assert promise in _promises(replace(quiet.evidence, databases=databases))


def _without_first(evidence: Evidence, kind: str) -> tuple[Message, ...]:
    lost = next(message for message in evidence.messages if message.kind == kind)
    return tuple(message for message in evidence.messages if message is not lost)


def _swapped(evidence: Evidence) -> tuple[Message, ...]:
    messages = list(evidence.messages)
    for first, one in enumerate(messages):
        for second in range(first + 1, len(messages)):
            if (one.source, one.case, one.sequence + 1) == _place(messages[second]):
                messages[first], messages[second] = messages[second], one
                return tuple(messages)
    raise AssertionError("no case has two events")


def _place(message: Message) -> tuple[str, str, int]:
    return message.source, message.case, message.sequence


def _again(evidence: Evidence, kind: str, event_id: str = "") -> tuple[Message, ...]:
    one = next(message for message in evidence.messages if message.kind == kind)
    return (*evidence.messages, replace(one, offset=999_999, event_id=event_id or one.event_id))


DOCTORED_TOPICS: list[tuple[str, str, Callable[[Evidence], tuple[Message, ...]]]] = [
    ("a submission is not on its topic", LOST, lambda e: _without_first(e, "request-submitted")),
    ("an opinion is not on its topic", LOST, lambda e: _without_first(e, "opinion-given")),
    ("a gap", ORDER, lambda e: _without_first(e, "review-opened")),
    ("two events the other way round", ORDER, _swapped),
    ("another event says the same", TWICE, lambda e: _again(e, "review-decided", "another")),
    ("a second opinion on a check", TWICE, lambda e: _again(e, "opinion-given", "another")),
    ("a repetition without a cause", CAUSE, lambda e: _again(e, "route-proposed")),
    ("a verdict that changed", REPLAY, lambda e: _without_first(e, "review-decided")),
]


@pytest.mark.parametrize(("what", "promise", "doctor"), DOCTORED_TOPICS, ids=[d[0] for d in DOCTORED_TOPICS])
def test_it_objects_to_a_doctored_topic(
    quiet: Quiet, what: str, promise: str, doctor: Callable[[Evidence], tuple[Message, ...]]
) -> None:
    assert promise in _promises(replace(quiet.evidence, messages=doctor(quiet.evidence)))


def test_a_repetition_after_a_failure_has_a_cause(quiet: Quiet) -> None:
    messages = _again(quiet.evidence, "route-proposed")
    killed = Struck("kill-kafka", "kafka", messages[-1].written - 1, messages[-1].written + 1, 0, 0, 0)
    assert CAUSE not in _promises(replace(quiet.evidence, messages=messages, strikes=(killed,)))


def test_it_objects_to_a_command_that_nobody_answered(quiet: Quiet) -> None:
    unanswered = Line(0.0, "unanswered", "opine", "a case", "security", tries=40)
    assert ANSWERED in _promises(replace(quiet.evidence, ledger=(*quiet.evidence.ledger, unanswered)))


def test_it_objects_to_a_refusal_without_a_rule(quiet: Quiet) -> None:
    heard = {"status": 409, "slug": "check-closed"}
    refused = Line(0.0, "refused", "opine", "a case", "security", {"by": "rssi"}, heard)
    assert ANSWERED in _promises(replace(quiet.evidence, ledger=(*quiet.evidence.ledger, refused)))


def test_it_objects_to_a_key_that_made_two_requests(quiet: Quiet) -> None:
    told = next(line for line in quiet.evidence.lines("told", "submit"))
    other = next(line.case for line in quiet.evidence.lines("told", "submit") if line.case != told.case)
    doctored = (*quiet.evidence.ledger, replace(told, case=other))
    assert TWICE in _promises(replace(quiet.evidence, ledger=doctored))


def test_it_objects_to_forms_that_wait_for_kafka(quiet: Quiet) -> None:
    down = Struck("kill-kafka", "kafka", 1000.0, 1010.0, 0, 0, 0)
    asked = Line(1005.0, "asked", "submit", "", "a key", {"by": "requester-chu"})
    assert KAFKA in _promises(replace(quiet.evidence, strikes=(down,), ledger=(*quiet.evidence.ledger, asked)))


def test_it_objects_to_poison_that_was_not_parked(quiet: Quiet) -> None:
    assert PARKED in _promises(replace(quiet.evidence, poison=frozenset({("case.requests", 0, 4_000_000)})))


def _promises(evidence: Evidence) -> set[str]:
    return {objection.promise for objection in check(evidence)}
