"""Documents made from the catalogue: JSON Schemas, AsyncAPI documents, `docs/events.md`.

`python -m shared.contracts.documents` writes the committed files; a contract test fails if they are out of date.
"""

import json
from pathlib import Path
from typing import Any

from shared.contracts.catalogue import TOPICS, Topic, consumed_by
from shared.contracts.event import Event

HERE = Path(__file__).parent
SCHEMAS = HERE / "schemas"
EXAMPLES = HERE / "examples"
DOCS = HERE.parent.parent / "docs"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
VERSION = "0.1.0"

HEADERS: dict[str, Any] = {
    "type": "object",
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_subject", "content-type"],
    "properties": {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid", "description": "Identity of the event: consumers apply it once."},
        "ce_source": {"type": "string", "examples": ["/services/request"]},
        "ce_type": {"type": "string"},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_subject": {"type": "string", "description": "The key of the message: the case, or the catalogue entry."},
        "ce_correlationid": {"type": "string", "format": "uuid", "description": "The same along a chain of events."},
        "ce_causationid": {"type": "string", "format": "uuid", "description": "The event or command that caused it."},
        "ce_sequence": {"type": "string", "pattern": "^[0-9]+$", "description": "Counts a service's events of a case."},
        "content-type": {"type": "string", "const": "application/json"},
    },
}


def schema(event: type[Event]) -> dict[str, Any]:
    """The JSON Schema of an event's data."""
    return {"$schema": DIALECT, "$id": f"urn:{event.type}", **event.model_json_schema(mode="validation")}


def examples(event: type[Event]) -> list[dict[str, Any]]:
    """The committed examples of an event."""
    return [json.loads(path.read_text()) for path in sorted((EXAMPLES / event.type).glob("*.json"))]


def asyncapi(service: str, kafka: str = "localhost:9092") -> dict[str, Any]:
    """The AsyncAPI 3.0 document of one service: with what it sends and receives."""
    sent = [topic for topic in TOPICS if topic.producer == service]
    received = consumed_by(service)
    topics = [*sent, *[topic for topic in received if topic not in sent]]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Convergence: {service}",
            "version": VERSION,
            "description": "CloudEvents 1.0 in Kafka's binary mode; the key is the case id, so that a case stays in order.",
        },
        "defaultContentType": "application/json",
        "servers": {"kafka": {"host": kafka, "protocol": "kafka"}},
        "channels": {_id(topic): _channel(topic) for topic in topics},
        "operations": {
            **{f"send-{_id(topic)}": _operation("send", topic) for topic in sent},
            **{f"receive-{_id(topic)}": _operation("receive", topic) for topic in received},
        },
        "components": {"messages": {event.type: _message(event) for topic in topics for event in topic.events}},
    }


def _id(topic: Topic) -> str:
    return topic.name.replace(".", "-")


def _channel(topic: Topic) -> dict[str, Any]:
    return {
        "address": topic.name,
        "description": topic.purpose,
        "messages": {event.type: {"$ref": f"#/components/messages/{event.type}"} for event in topic.events},
        "bindings": {"kafka": {"topic": topic.name, "partitions": topic.partitions, "bindingVersion": "0.5.0"}},
    }


def _operation(action: str, topic: Topic) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{_id(topic)}"}, "summary": topic.purpose}


def _message(event: type[Event]) -> dict[str, Any]:
    data = event.model_json_schema(
        mode="validation", ref_template=f"#/components/messages/{event.type}/payload/$defs/{{model}}"
    )
    return {
        "name": event.type,
        "title": event.__name__,
        "summary": (event.__doc__ or "").strip(),
        "contentType": "application/json",
        "headers": HEADERS,
        "payload": data,
        "examples": [{"payload": example} for example in examples(event)],
        "bindings": {"kafka": {"key": {"type": "string", "format": "uuid"}, "bindingVersion": "0.5.0"}},
    }


def events_page() -> str:
    """`docs/events.md`: the events of each topic."""
    lines = [
        "# Events",
        "",
        "Written from `shared/contracts/catalogue.py` by `python -m shared.contracts.documents`.",
        "",
    ]
    for topic in TOPICS:
        kept = "for ever" if topic.config.get("retention.ms") == "-1" else topic.config.get("retention.ms", "")
        lines += [
            f"## `{topic.name}`",
            "",
            topic.purpose,
            "",
            f"{topic.producer} → {', '.join(topic.consumers)} · {topic.partitions} partitions · kept {kept}",
            "",
            "| event | type | when |",
            "|---|---|---|",
            *[f"| {e.__name__} | `{e.type}` | {' '.join((e.__doc__ or '').split())} |" for e in topic.events],
            "",
        ]
    return "\n".join(lines)


def committed_files() -> dict[Path, str]:
    """Every file that is made from the catalogue, with its text."""
    files = {SCHEMAS / f"{event.type}.json": _json(schema(event)) for topic in TOPICS for event in topic.events}
    for service in sorted({consumer for topic in TOPICS for consumer in topic.consumers}):
        files[DOCS / "asyncapi" / f"{service}.json"] = _json(asyncapi(service))
    files[DOCS / "events.md"] = events_page()
    return files


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for path, text in committed_files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
