"""CloudEvents 1.0 in Kafka's binary mode: attributes as `ce_` headers, the event's JSON as the value.

Reading is strict about what the catalogue promises, and says why a message cannot be read.
Source: CloudEvents Kafka protocol binding 1.0, section 3.2. The contract tests hold this against the official SDK.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import ValidationError

from shared.contracts.event import Event, Origin

CONTENT_TYPE: Final = "application/json"
Headers = list[tuple[str, bytes]]


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
    """The event in a message; raises `Unreadable` with the reason."""
    return content(*kind(types, headers), value)


def kind(
    types: Mapping[str, type[Event]], headers: Iterable[tuple[str, bytes | None]]
) -> tuple[type[Event], dict[str, str]]:
    """What a message is about, and its attributes; raises `Unreadable`. For readers who pass by what is not for them."""
    try:
        attributes = {name: raw.decode() for name, raw in headers if raw is not None}
    except UnicodeDecodeError:
        raise Unreadable("unreadable-headers", "Les en-têtes du message ne sont pas du texte UTF-8.") from None
    event_type = attributes.get("ce_type")
    if attributes.get("ce_specversion") != "1.0" or event_type is None:
        raise Unreadable(
            "not-a-cloudevent", "Le message n’a pas les en-têtes CloudEvents 1.0 (ce_specversion, ce_type)."
        )
    known = types.get(event_type)
    if known is None:
        raise Unreadable(*_unknown(types, event_type))
    return known, attributes


def content(known: type[Event], attributes: Mapping[str, str], value: bytes | None) -> tuple[Event, Origin]:
    """The event in a message of this kind; raises `Unreadable` with the reason."""
    if not value:
        raise Unreadable("no-data", f"Le message « {known.type} » n’a pas de données.")
    origin = _origin(attributes)
    try:
        return known.model_validate_json(value), origin
    except ValidationError as error:
        where = ", ".join(sorted({".".join(map(str, e["loc"])) or "racine" for e in error.errors()}))
        raise Unreadable(
            "invalid-data", f"Les données de « {known.type} » ne suivent pas son schéma : {where}."
        ) from None


def _unknown(types: Mapping[str, type[Event]], event_type: str) -> tuple[str, str]:
    family, _, version = event_type.rpartition(".")
    if any(known.rpartition(".")[0] == family for known in types):
        return "unknown-version", f"La version {version} de « {family} » n’est pas connue de ce service."
    return "unknown-type", f"Le type « {event_type} » n’est pas au catalogue de ce sujet."


def _origin(attributes: Mapping[str, str]) -> Origin:
    try:
        event_id = UUID(attributes["ce_id"])
        return Origin(
            event_id=event_id,
            source=attributes["ce_source"],
            time=datetime.fromisoformat(attributes["ce_time"]),
            correlation_id=UUID(attributes.get("ce_correlationid") or attributes["ce_id"]),
            causation_id=UUID(attributes.get("ce_causationid") or attributes["ce_id"]),
            sequence=int(attributes.get("ce_sequence") or 0),
        )
    except (KeyError, ValueError) as error:
        raise Unreadable("bad-attributes", f"Un attribut CloudEvents manque ou ne se lit pas : {error}.") from None
