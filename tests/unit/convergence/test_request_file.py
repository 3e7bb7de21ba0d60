"""A file of requests: what spreadsheets write is read, and every bad line is named with its column and its reason."""

from pathlib import Path

import pytest

from convergence.commands.catalogue import LastWord, following
from convergence.files.catalogue_file import read_catalogue
from convergence.files.request_file import read_requests
from convergence.screen.failure import Failure
from shared.reference.demo_data import CATALOGUE, REQUESTS, demo_script

HEADER = (
    "reference;establishment;kind;title;need;domain;data;care_stops;wished_on;estimated_amount_eur;max_downtime_hours"
)
GOOD = "A-1;420784878;new;Titre;Un besoin décrit;sterilisation;none;non;31/03/2027;1 250,50;"


def written(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "demandes.csv"
    path.write_bytes("\r\n".join((HEADER, *lines)).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_what_a_french_spreadsheet_writes_is_read(tmp_path: Path, encoding: str) -> None:
    file = read_requests(written(tmp_path, GOOD, encoding=encoding))
    assert file.bad == ()
    assert file.good[0].body["wished_on"] == "2027-03-31"
    assert file.good[0].body["estimated_amount_cents"] == 125050
    assert file.good[0].body["care_stops"] is False


def test_a_bad_line_is_named_with_its_column_and_the_good_ones_remain(tmp_path: Path) -> None:
    file = read_requests(written(tmp_path, GOOD.replace("none", "secret"), GOOD.replace("A-1", "A-2")))
    assert [(bad.line, bad.column) for bad in file.bad] == [(2, "data")]
    assert [good.reference for good in file.good] == ["A-2"]


def test_a_line_over_several_lines_keeps_the_number_of_its_first(tmp_path: Path) -> None:
    long = GOOD.replace("Un besoin décrit", '"Un besoin\ndécrit"')
    file = read_requests(written(tmp_path, long, GOOD.replace("A-1", "A-2").replace("new", "rien")))
    assert [bad.line for bad in file.bad] == [4]


def test_a_reference_that_stands_twice_is_a_bad_line(tmp_path: Path) -> None:
    file = read_requests(written(tmp_path, GOOD, GOOD))
    assert [(bad.line, bad.column) for bad in file.bad] == [(3, "reference")]


def test_a_line_with_too_many_values_is_a_bad_line(tmp_path: Path) -> None:
    file = read_requests(written(tmp_path, GOOD + ";encore"))
    assert "valeurs attendues" in file.bad[0].reason


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"reference;titre\nA;B", "manque les colonnes"),
        (HEADER.encode() + b";autre\n", "colonnes inconnues"),
        (HEADER.encode() + b"\n\xff\xfe", "UTF-8"),
        (b"", "manque les colonnes"),
    ],
)
def test_what_is_no_such_file_is_said_at_once(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "demandes.csv"
    path.write_bytes(content)
    with pytest.raises(Failure, match=said):
        read_requests(path)


def test_the_example_file_has_the_bad_lines_that_it_says(tmp_path: Path) -> None:
    file = read_requests(REQUESTS)
    assert [(bad.reference, bad.column) for bad in file.bad] == [
        (bad.reference, bad.field) for bad in demo_script().bad_lines
    ]
    assert len(file.good) >= 40


def test_the_example_catalogue_is_read_with_unknown_dates() -> None:
    file = read_catalogue(CATALOGUE)
    assert file.bad == ()
    assert any(deployment.since is None for entry in file.entries for deployment in entry.deployments)
    assert all(entry.example for entry in file.entries)


def test_the_same_import_says_the_same_thing_and_going_back_is_news() -> None:
    entry = read_catalogue(CATALOGUE).entries[0]
    other = entry.model_copy(update={"version": "99"})
    first = following(LastWord(), entry)
    assert following(LastWord(), entry).event_id == first.event_id
    changed = following(LastWord(entry, first), other)
    back = following(LastWord(other, changed), entry)
    assert back.event_id != first.event_id
    assert back.sequence == 3
