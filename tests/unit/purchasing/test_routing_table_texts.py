"""A table is published for ever: what no screen could show is refused beforehand, with its place."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from services.purchasing.actions.publish_table import check_table
from services.purchasing.model.refusals import BadRoutingTable
from services.purchasing.model.routing.document import unreadable
from services.purchasing.model.routing.table import PATH, shipped_table

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def document(path: tuple[str | int, ...] = (), value: Any = None) -> str:
    """The table that is shipped as a new version, with one text of it replaced."""
    whole = part = json.loads(PATH.read_bytes()) | {"version": "essai", "valid_from": "2098-01-01", "valid_to": None}
    for step in path[:-1]:
        part = part[step]
    if path:
        part[path[-1]] = value
    return json.dumps(whole)


def test_the_table_that_is_shipped_says_nothing_unreadable() -> None:
    assert list(unreadable(shipped_table())) == []
    assert check_table(document(), NOW).version == "essai"


PLACES: list[tuple[str | int, ...]] = [
    ("version",), ("title",), ("rules", 0, "title"), ("rules", 0, "source"), ("rules", 9, "because"),
    ("rules", 0, "when", 0, "because"), ("rules", 0, "when", 0, "because_not"), ("rules", 0, "when", 0, "would"),
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", ["a\x00b", "a\x07", "\x1b[31m", "\x7f", "\u200b", " \u00ad "])
def test_a_text_that_cannot_be_read_is_refused_in_its_place(place: tuple[str | int, ...], text: str) -> None:
    with pytest.raises(BadRoutingTable) as refused:
        check_table(document(place, text), NOW)
    assert [error.field for error in refused.value.errors] == [".".join(map(str, place))]
    assert "invisible" in refused.value.errors[0].message


def test_titles_stand_on_one_line_and_reasons_may_have_several() -> None:
    with pytest.raises(BadRoutingTable) as refused:
        check_table(document(("rules", 0, "title"), "Un\ntitre"), NOW)
    assert "une seule ligne" in refused.value.errors[0].message
    check_table(document(("rules", 0, "when", 0, "because"), "Une raison\net une autre"), NOW)
