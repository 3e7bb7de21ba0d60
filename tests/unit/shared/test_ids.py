"""Identifiers: the standard's UUIDs, whoever made them."""

import importlib
from uuid import UUID

import pytest
from asyncpg.pgproto import pgproto

from shared.basics import ids
from shared.basics.ids import id_of, new_id, own, random_id

importlib.import_module("shared.database.postgres")


def test_new_ids_stand_in_the_order_of_time() -> None:
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    assert {one.version for one in made} == {7}


def test_random_ids_say_nothing_about_time() -> None:
    assert random_id().version == 4
    assert len({random_id() for _ in range(1000)}) == 1000


def test_they_are_uuids_like_any_other() -> None:
    made = new_id()
    plain = UUID(str(made))
    assert isinstance(made, UUID)
    assert (made, hash(made), str(made), made.bytes) == (plain, hash(plain), str(plain), plain.bytes)
    assert sorted([plain, made]) == [made, plain]
    assert {made: 1}[plain] == 1
    assert id_of(str(made)) == made


def test_a_process_with_a_database_makes_them_in_the_class_of_its_rows() -> None:
    made = [new_id(), random_id(), id_of(str(new_id())), own(UUID(int=7))]
    assert {type(one) for one in made} == {pgproto.UUID}


@pytest.fixture
def without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "_make", ids._plain)


@pytest.mark.usefixtures("without_a_database")
def test_without_a_database_they_are_the_standards_own() -> None:
    made = [new_id(), random_id(), id_of(str(new_id())), own(UUID(int=7))]
    assert {type(one) for one in made} == {UUID}
    assert [one.version for one in made[:2]] == [7, 4]
    with pytest.raises(ValueError, match="badly formed"):
        id_of("42")


@pytest.mark.parametrize("text", ["", "42", "01939d3e-7c1a-7bbb-8000-00000000000g"])
def test_what_is_no_uuid_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="invalid UUID"):
        id_of(text)
