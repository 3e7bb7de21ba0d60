"""What a consumer reads of its messages: events to act on, messages to set aside, types that pass by."""

from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

import pytest

from shared.basics.ids import new_id
from shared.contracts import documents
from shared.contracts.catalogue import BY_NAME
from shared.contracts.envelope import headers_of
from shared.contracts.event import CaseEvent, Event, Origin, family
from shared.contracts.events.replaced import RequestSubmittedV1
from shared.contracts.events.requests import TOPIC, RequestSubmittedV2, RequestWithdrawnV1
from shared.messaging import received
from shared.messaging.parked import Message
from shared.messaging.received import Reader

NOW = datetime(2026, 11, 3, 8, 12, tzinfo=UTC)
CASE = UUID(int=7)


class WithdrawnV2(CaseEvent):
    """A later version, which a service that runs now cannot act on."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.request-withdrawn.v2"


def reader(*handled: type[Event], more: tuple[type[Event], ...] = ()) -> Reader:
    types = BY_NAME[TOPIC].types | {event.type: event for event in more}
    return Reader({TOPIC: types}, handled or (RequestSubmittedV2, RequestWithdrawnV1))


def message(event_type: str, event: CaseEvent) -> Message:
    origin = Origin(new_id(), "/services/request", NOW, new_id(), new_id(), 1)
    headers = tuple(headers_of(event_type, str(event.case_id), origin))
    return Message(TOPIC, 0, 0, str(event.case_id).encode(), headers, event.model_dump_json().encode())


WITHDRAWN = RequestWithdrawnV1(case_id=CASE, withdrawn_at=NOW, reason="r")


def test_the_name_of_a_type_is_without_its_version() -> None:
    assert family("convergence.request-submitted.v12") == "convergence.request-submitted"


def test_a_former_version_is_read_as_the_present_one() -> None:
    [example, *_] = documents.examples(RequestSubmittedV1)
    former = RequestSubmittedV1.model_validate(example)
    [found], [] = reader().read([message(former.type, former)])
    assert isinstance(found.event, RequestSubmittedV2)
    assert found.event == former.upcast()
    assert (found.event.need.kind_label, found.case_id) == (former.need.kind.label, former.case_id)


def test_a_type_that_the_service_does_not_act_on_passes_by_uncounted() -> None:
    one = reader(RequestSubmittedV2)
    assert one.read([message(WITHDRAWN.type, WITHDRAWN)]) == ([], [])
    assert one.passed_by == {}


def test_a_type_that_the_catalogue_does_not_list_passes_by_and_is_counted() -> None:
    one = reader()
    tomorrow = message("convergence.request-split.v1", WITHDRAWN)
    assert one.read([tomorrow, tomorrow, message("org.example.push", WITHDRAWN)]) == ([], [])
    assert one.passed_by == {"convergence.request-split.v1": 2, "org.example.push": 1}


def test_what_is_counted_stays_small_whatever_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(received, "MOST_TYPES", 2)
    one = reader()
    one.read([message(name, WITHDRAWN) for name in ("a" * 1000, "b", "c", "d", "b")])
    assert one.passed_by == {"a" * 100: 1, "b": 2, "others": 2}


@pytest.mark.parametrize("version", ["v0", "v9", "v10"])
def test_an_unknown_version_of_a_type_that_the_service_acts_on_is_set_aside(version: str) -> None:
    newer = message(f"convergence.request-withdrawn.{version}", WITHDRAWN)
    [], [parked] = reader().read([newer])
    assert (parked.slug, parked.message) == ("unknown-version", newer)
    assert version in parked.reason


def test_a_version_that_is_listed_and_not_acted_on_yet_is_set_aside() -> None:
    newer = WithdrawnV2(case_id=CASE)
    [], [parked] = reader(more=(WithdrawnV2,)).read([message(newer.type, newer)])
    assert parked.slug == "unknown-version"


def test_a_version_of_another_topic_is_no_version_of_this_one() -> None:
    one = Reader({TOPIC: {}, "case.reviews": {}}, [RequestWithdrawnV1])
    elsewhere = message("convergence.request-withdrawn.v9", WITHDRAWN)
    assert one.read([Message("case.reviews", 0, 0, None, elsewhere.headers, b"{}")]) == ([], [])
    assert one.passed_by == {"convergence.request-withdrawn.v9": 1}
