"""A file of lines: each of them is read, named as bad, or refused with all the others before anything is sent."""

from pathlib import Path

import pytest

from convergence.files.catalogue_file import read_catalogue
from convergence.files.csv_file import LARGEST_VALUE
from convergence.files.request_file import RequestFile, read_requests
from convergence.screen.failure import Failure

HEADER = "reference;establishment;kind;title;need;domain;data;care_stops"
CATALOGUE = "reference,domain,product,vendor,version,description,establishment,in_service_since,example"
ENTRY = "C-1,sterilisation,P,V,1,D,420784878,2021-03-01,oui"


def row(reference: str, *, title: str = "Titre", need: str = "Un besoin décrit") -> str:
    return f"{reference};420784878;new;{title};{need};sterilisation;none;non"


def written(folder: Path, *lines: str, header: str = HEADER, end: str = "\r\n") -> Path:
    path = folder / "lignes.csv"
    path.write_bytes(end.join((header, *lines)).encode())
    return path


def read(folder: Path, *lines: str, header: str = HEADER, end: str = "\r\n") -> RequestFile:
    return read_requests(written(folder, *lines, header=header, end=end))


@pytest.mark.parametrize("reference", ["A\n1", "A\x001", "\x1b[31m", "A\u20281", "\x85A\x9b1", "x" * 201, "\u200b"])
def test_a_reference_that_is_no_reference_is_a_bad_line(tmp_path: Path, reference: str) -> None:
    file = read(tmp_path, row(f'"{reference}"'), row("A-2"))
    assert {(bad.line, bad.column) for bad in file.bad} == {(2, "reference")}
    assert [good.reference for good in file.good] == ["A-2"]


def test_a_reference_may_have_accents_and_be_long(tmp_path: Path) -> None:
    names = ["Bloc n°\u202f2, été", "需求 1", "x" * 200]
    assert [good.reference for good in read(tmp_path, *map(row, names)).good] == names


@pytest.mark.parametrize(
    ("lines", "opened"),
    [
        ((row("A-1", title='"Titre'), row("A-2"), row("A-3")), 2),
        ((row("A-1"), row("A-2"), row("A-3", need='"Un besoin')), 4),
        ((row("A-1"), row("A-2") + '"', row("A-3"), '"'), 5),
        ((row("A-1", title='"Un\ntitre"', need='"Un besoin'), row("A-2")), 3),
        ((row("A-1", title='"Titre' + "x" * LARGEST_VALUE), row("A-2")), 2),
    ],
)
def test_a_quote_that_nothing_closes_refuses_the_file_and_says_where(
    tmp_path: Path, lines: tuple[str, ...], opened: int
) -> None:
    with pytest.raises(Failure, match=f"ligne {opened} : guillemet ouvert et jamais fermé"):
        read(tmp_path, *lines)


def test_a_quote_that_another_line_closes_in_the_middle_of_a_value_refuses_the_file(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="ligne 2 : un guillemet ouvert ici ne se ferme qu’à la ligne 4"):
        read(tmp_path, row("A-1", title='"Titre'), row("A-2"), row("A-3", title='Le "grand" titre'), row("A-4"))


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_the_lines_that_a_quote_swallowed_are_named_one_by_one(tmp_path: Path, end: str) -> None:
    lines = (row("A-1", need='"Un besoin'), row("A-2"), row("A-3", need='décrit"'), row("A-4"))
    file = read(tmp_path, *lines, end=end)
    assert [bad.line for bad in file.bad] == [2, 3, 4]
    assert "jusqu’à la ligne 4" in file.bad[0].reason
    assert [good.line for good in file.good] == [5]


def test_swallowed_lines_are_known_by_their_establishment_too(tmp_path: Path) -> None:
    first = row("A-1", title='"Deux ; points"', need='"Un ; besoin')
    assert [bad.line for bad in read(tmp_path, first, row("A-2"), row("A-3", need='décrit"')).bad] == [2, 3, 4]


@pytest.mark.parametrize(
    "need",
    ["Un besoin\ndécrit ; en deux lignes", 'Le ""grand"" besoin\n\n- un ;\n- deux ; trois', "a;b;c;d;e;f;g;h\nfin"],
)
def test_a_cell_of_several_lines_is_read_as_it_was_written(tmp_path: Path, need: str) -> None:
    file = read(tmp_path, row("A-1", need=f'"{need}"'), row("A-2"), end="\n")
    assert file.bad == ()
    assert file.good[0].body["description"] == need.replace('""', '"')


def test_a_cell_of_several_lines_may_stand_first(tmp_path: Path) -> None:
    header = "need;reference;establishment;kind;title;domain;data;care_stops"
    line = '"Un ; besoin\ndécrit";A-1;420784878;new;Titre;sterilisation;none;non'
    assert read(tmp_path, line, header=header).bad == ()


def test_a_quote_within_one_line_costs_that_line_alone(tmp_path: Path) -> None:
    file = read(tmp_path, row("A-1", title='"Le" titre'), row("A-2"), row("A-3", title='Le "grand" titre'))
    assert [bad.line for bad in file.bad] == [2]
    assert "doublez" in file.bad[0].reason
    assert [good.reference for good in file.good] == ["A-2", "A-3"]
    assert file.good[1].body["title"] == 'Le "grand" titre'


def test_a_value_that_is_far_too_long_costs_its_line_alone(tmp_path: Path) -> None:
    file = read(tmp_path, row("A-1", need="x" * 200_000), row("A-2", need="x" * (LARGEST_VALUE + 1)), row("A-3"))
    assert [bad.line for bad in file.bad] == [2, 3]
    assert [good.reference for good in file.good] == ["A-3"]


def test_a_value_of_several_lines_that_is_far_too_long_refuses_the_file(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="lignes 2 à 3 : une valeur a plus de"):
        read(tmp_path, row("A-1", need='"a\n' + "x" * LARGEST_VALUE + '"'), row("A-2"))


@pytest.mark.parametrize("header", ['"' + HEADER, '"' + HEADER + "x" * 200_000, "x" * (LARGEST_VALUE + 1)])
def test_a_header_that_cannot_be_read_is_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(Failure, match="ligne 1 : "):
        read(tmp_path, row("A-1"), header=header)


def test_a_column_that_stands_twice_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="deux fois : title"):
        read(tmp_path, row("A-1") + ";Autre titre", header=HEADER + ";title")


def test_an_entry_is_left_out_with_a_line_of_a_wrong_shape(tmp_path: Path) -> None:
    other = ENTRY.replace("420784878", "420780652")
    lines = (ENTRY, other + ",de trop", ENTRY.replace("C-1", "C-2"))
    file = read_catalogue(written(tmp_path, *lines, header=CATALOGUE))
    assert [bad.line for bad in file.bad] == [3]
    assert len(file.entries) == 1


def test_an_establishment_stands_once_in_an_entry(tmp_path: Path) -> None:
    file = read_catalogue(written(tmp_path, ENTRY, ENTRY, ENTRY.replace("C-1", "C-2"), header=CATALOGUE))
    assert [(bad.line, bad.column) for bad in file.bad] == [(3, "establishment")]
    assert "ligne 2" in file.bad[0].reason
    assert len(file.entries) == 1
