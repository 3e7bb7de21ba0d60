"""The directory of GHT: dated, honest about what no source says."""

from datetime import date
from pathlib import Path

import pytest

from shared.reference.directory import (
    UNKNOWN,
    Establishment,
    MembershipStatus,
    directory,
    establishment,
    ght_of,
    load,
    members,
    support_of,
)
from shared.reference.files import DATA, BadReferenceData

TODAY = date(2026, 11, 22)


def test_an_establishment_has_a_name_that_people_read() -> None:
    roanne = establishment("420780033")
    assert roanne.name == "CH de Roanne"
    assert roanne.registered_name == "CH DE ROANNE"


def test_an_unknown_finess_is_not_invented() -> None:
    with pytest.raises(KeyError):
        establishment("000000000")


def test_the_support_establishment_comes_first_among_the_members() -> None:
    found = members("LOIRE", TODAY)
    assert isinstance(found[0], Establishment)
    assert found[0].finess == "420784878"
    assert len(found) == 6
    assert support_of("420780033", TODAY) == found[0]


def test_an_unverified_membership_is_kept_as_data_but_makes_no_member() -> None:
    charlieu = [m for m in directory().memberships if m.finess == "420780058"]
    assert [m.status for m in charlieu] == [MembershipStatus.UNVERIFIED]
    assert ght_of("420780058", TODAY) is None


def test_entities_without_finess_are_listed_only() -> None:
    assert [entity.name for entity in directory().listed if entity.ght == "LOIRE"] == [
        "CH Ardèche Nord",
        "CH des Monts-du-Lyonnais",
    ]


def test_every_registered_count_matches_the_memberships_read() -> None:
    for ght in directory().ghts.values():
        if ght.registered_count is not UNKNOWN:
            assert ght.registered_count == len(members(ght.code, TODAY)), ght.code


def test_a_start_that_no_source_gives_is_unknown() -> None:
    assert all(m.valid_from is UNKNOWN for m in directory().memberships)


def _copy(folder: Path, name: str, old: str, new: str) -> Path:
    for path in DATA.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert path.name != name or old in text
        (folder / path.name).write_text(text.replace(old, new) if path.name == name else text, encoding="utf-8")
    return folder


def test_a_membership_that_ended_no_longer_counts(tmp_path: Path) -> None:
    old = "LOIRE,420780033,M,unknown,,"
    book = load(_copy(tmp_path, "memberships.csv", old, "LOIRE,420780033,M,2016-07-01,2026-06-30,"))
    assert book.ght_of("420780033", date(2016, 6, 30)) is None
    assert book.ght_of("420780033", date(2026, 6, 30)) is not None
    assert book.ght_of("420780033", date(2026, 7, 1)) is None


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("establishments.csv", "420780033,CH de Roanne", "42078003,CH de Roanne", "not a FINESS"),
        ("memberships.csv", "LOIRE,420780033,M", "NOWHERE,420780033,M", "unknown GHT"),
        ("memberships.csv", "LOIRE,420780033,M,unknown", "LOIRE,420780033,M,soon", "line"),
        ("memberships.csv", "LOIRE,420780033,M", "LOIRE,420780033,S", "disagree"),
        ("ghts.csv", "LOIRE,Loire,420784878", "LOIRE,Loire,999999999", "support establishment"),
    ],
)
def test_a_bad_file_says_which_line_and_why(tmp_path: Path, name: str, old: str, new: str, reason: str) -> None:
    with pytest.raises(BadReferenceData, match=reason) as raised:
        load(_copy(tmp_path, name, old, new))
    assert name in str(raised.value)
