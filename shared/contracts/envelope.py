"""CloudEvents 1.0 in Kafka's binary mode: attributes as `ce_` headers, the event's JSON as the value.

The reader is strict, and says why a message cannot be read.
Source: CloudEvents Kafka protocol binding 1.0, section 3.2. The contract tests compare it with the official SDK.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from pydantic import ValidationError

from shared.contracts.event import Event, Origin, family

CONTENT_TYPE: Final = "application/json"
Headers = list[tuple[str, bytes]]
Attributes = Mapping[str, bytes | None]


class Unreadable(Exception):
    """A message that no retry will make readable. `slug` for programs, `reason` in French for the page of parked messages."""

    def __init__(self, slug: str, reason: str) -> None:
        self.slug = slug
        self.reason = reason
        super().__init__(f"{slug}: {reason}")


def headers_of(event_type: str, subject: str, origin: Origin) -> Headers:
    """The headers of an event; `sequence` counts the events that a service has sent about one case, from 1."""
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", str(origin.event_id).encode()),
        ("ce_source", origin.source.encode()),
        ("ce_type", event_type.encode()),
        ("ce_time", origin.time.isoformat().replace("+00:00", "Z").encode()),
        ("ce_subject", subject.encode()),
        ("ce_correlationid", str(origin.correlation_id).encode()),
        ("ce_causationid", str(origin.causation_id).encode()),
        ("ce_sequence", str(origin.sequence).encode()),
        ("content-type", CONTENT_TYPE.encode()),
    ]


def read(
    types: Mapping[str, type[Event]], headers: Iterable[tuple[str, bytes | None]], value: bytes | None
) -> tuple[Event, Origin]:
    """The event in a message of one of these types, in its present version; raises `Unreadable` with the reason."""
    name, attributes = kind(headers)
    known = types.get(name)
    if known is None:
        if any(family(other) == family(name) for other in types):
            raise unknown_version(name)
        raise Unreadable("unknown-type", f"Le type « {name} » n’est pas au catalogue de ce sujet.")
    return content(known, attributes, value)


def kind(headers: Iterable[tuple[str, bytes | None]]) -> tuple[str, Attributes]:
    """The event type that a message names, and its headers; raises `Unreadable` where it is no CloudEvent."""
    attributes = dict(headers)
    event_type = attributes.get("ce_type")
    if attributes.get("ce_specversion") != b"1.0" or event_type is None:
        raise Unreadable(*_no_cloudevent(attributes))
    return _text(event_type), attributes


def content(known: type[Event], attributes: Attributes, value: bytes | None) -> tuple[Event, Origin]:
    """The event in a message of this class, in the present version of its type; raises `Unreadable` with the reason."""
    if not value:
        raise Unreadable("no-data", f"Le message « {known.type} » n’a pas de données.")
    origin = _origin(attributes)
    try:
        return known.model_validate_json(value).upcast(), origin
    except ValidationError as error:
        where = ", ".join(sorted({".".join(map(str, e["loc"])) or "racine" for e in error.errors()}))
        raise Unreadable(
            "invalid-data", f"Les données de « {known.type} » ne suivent pas son schéma : {where}."
        ) from None


def unknown_version(event_type: str) -> Unreadable:
    """A version that this program does not know, of an event type that it knows: an upgrade is due."""
    name, _, version = event_type.rpartition(".")
    return Unreadable("unknown-version", f"La version {version} de « {name} » n’est pas connue de ce service.")


def _no_cloudevent(attributes: Attributes) -> tuple[str, str]:
    for raw in attributes.values():
        _text(raw or b"")
    return "not-a-cloudevent", "Le message n’a pas les en-têtes CloudEvents 1.0 (ce_specversion, ce_type)."


def _origin(attributes: Attributes) -> Origin:
    given = {
        name: _text(attributes[name] or b"") for name in _Attributes.__struct_encode_fields__ if attributes.get(name)
    }
    try:
        read = msgspec.convert(given, _Attributes, strict=False)
    except msgspec.ValidationError as error:
        raise Unreadable("bad-attributes", f"Un attribut CloudEvents manque ou ne se lit pas : {error}.") from None
    return Origin(
        event_id=read.id,
        source=read.source,
        time=read.time,
        correlation_id=read.correlation_id or read.id,
        causation_id=read.causation_id or read.id,
        sequence=read.sequence,
    )


class _Attributes(
    msgspec.Struct,
    rename={
        "id": "ce_id",
        "source": "ce_source",
        "time": "ce_time",
        "correlation_id": "ce_correlationid",
        "causation_id": "ce_causationid",
        "sequence": "ce_sequence",
    },
):
    """The attributes that are read."""

    id: UUID
    source: str
    time: datetime
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    sequence: int = 0


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Unreadable("unreadable-headers", "Les en-têtes du message ne sont pas du texte UTF-8.") from None
