"""The contracts: committed, exemplified, compatible with what was released, readable by others."""

import copy
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from shared.basics.ids import new_id
from shared.contracts import documents
from shared.contracts.catalogue import TOPICS
from shared.contracts.compatibility import breaking_changes
from shared.contracts.envelope import headers_of, read
from shared.contracts.event import Event, Origin, family

EVENTS = [event for topic in TOPICS for event in topic.events]
RELEASED = Path(documents.__file__).parent / "released"


def test_the_committed_documents_are_those_of_the_catalogue() -> None:
    stale = [p.name for p, text in documents.committed_files().items() if not p.exists() or p.read_text() != text]
    assert stale == [], "run: python -m shared.contracts.documents"


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: e.type)
def test_each_version_has_an_example_that_follows_its_schema_and_is_read_back_unchanged(event: type[Event]) -> None:
    found = documents.examples(event)
    assert found, f"no example of {event.type}"
    for example in found:
        jsonschema.validate(example, documents.schema(event), format_checker=jsonschema.FormatChecker())
        assert _holds(json.loads(event.model_validate(example).model_dump_json()), example)


def _holds(read: Any, said: Any) -> bool:
    """Whether everything that was said was read; what is optional may be absent from what was said."""
    if isinstance(said, dict):
        return read.keys() >= said.keys() and all(_holds(read[key], said[key]) for key in said)
    if isinstance(said, list):
        return len(read) == len(said) and all(map(_holds, read, said))
    return bool(read == said)


@pytest.mark.parametrize("path", sorted(RELEASED.glob("*/*.json")), ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_what_was_released_stays_readable_both_ways(path: Path) -> None:
    present = {event.type: documents.schema(event) for event in EVENTS}
    assert path.stem in present, f"{path.stem} was released and must stay readable"
    assert breaking_changes(json.loads(path.read_text()), present[path.stem]) == []


def test_something_was_released() -> None:
    assert {path.stem for path in RELEASED.glob("*/*.json")} == {event.type for event in EVENTS}


BREAKING: list[tuple[str, Any]] = [
    ("a required field removed", lambda s: (s["properties"].pop("reason"), s["required"].remove("reason"))),
    ("a new required field", lambda s: (s["properties"].update(x={"type": "string"}), s["required"].append("x"))),
    ("another type", lambda s: s["properties"]["reason"].update(type="integer")),
    ("no longer required", lambda s: s["required"].remove("reason")),
    ("another format", lambda s: s["properties"]["withdrawn_at"].update(format="date")),
]


@pytest.mark.parametrize(("what", "change"), BREAKING, ids=[name for name, _ in BREAKING])
def test_a_breaking_change_is_seen(what: str, change: Any) -> None:
    released = documents.schema(next(e for e in EVENTS if e.__name__ == "RequestWithdrawnV1"))
    changed = copy.deepcopy(released)
    change(changed)
    assert breaking_changes(released, changed), what


def test_an_added_optional_field_breaks_nobody() -> None:
    released = documents.schema(next(e for e in EVENTS if e.__name__ == "RequestWithdrawnV1"))
    changed = copy.deepcopy(released)
    changed["properties"]["note"] = {"type": "string", "default": ""}
    assert breaking_changes(released, changed) == []


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: e.type)
def test_our_envelope_is_what_the_official_sdk_reads(event: type[Event]) -> None:
    [example, *_] = documents.examples(event)
    said = event.model_validate(example)
    origin = Origin(
        event_id=new_id(), source="/services/request", time=datetime(2026, 11, 3, 8, 12, tzinfo=UTC),
        correlation_id=new_id(), causation_id=new_id(), sequence=3,
    )  # fmt: skip
    headers = headers_of(event.type, str(said.key), origin)
    value = said.model_dump_json().encode()
    theirs = from_binary(KafkaMessage(dict(headers), str(said.key).encode(), value), JSONFormat(), CloudEvent)
    assert (theirs.get_id(), theirs.get_type(), theirs.get_source()) == (
        str(origin.event_id),
        event.type,
        origin.source,
    )
    assert (theirs.get_subject(), theirs.get_time()) == (str(said.key), origin.time)
    assert theirs.get_extension("sequence") == "3"
    assert theirs.get_data() == json.loads(value)
    assert read({event.type: event}, headers, value) == (said.upcast(), origin)


@pytest.mark.parametrize("event", [event for event in EVENTS if event.upcast is not Event.upcast], ids=lambda e: e.type)
def test_a_former_version_becomes_a_present_one_that_its_schema_allows(event: type[Event]) -> None:
    for example in documents.examples(event):
        present = event.model_validate(example).upcast()
        assert type(present) in EVENTS
        assert type(present).upcast is Event.upcast, "one step leads to the present version"
        assert family(present.type) == family(event.type)
        jsonschema.validate(
            json.loads(present.model_dump_json()),
            documents.schema(type(present)),
            format_checker=jsonschema.FormatChecker(),
        )


def test_every_type_says_its_name_and_its_version() -> None:
    assert [event.type for event in EVENTS if not re.fullmatch(r"convergence\.[a-z-]+\.v[1-9][0-9]*", event.type)] == []
