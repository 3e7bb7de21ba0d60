"""The checklists: what a reviewer is asked follows the data, the kind of request, and whether care depends on it."""

from datetime import date
from itertools import product
from pathlib import Path

import pytest

from services.review.model.checklists import FOLDER, NoChecklist, checklist, load
from shared.contracts.vocabulary import CheckKind, DataClass, RequestKind
from shared.reference.files import BadReferenceData

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("kind", list(CheckKind))
def test_each_check_has_its_checklist(kind: CheckKind) -> None:
    found = checklist(kind, TODAY)
    assert 8 <= len(found.items) <= 14
    assert all(item.source for item in found.items)


@pytest.mark.parametrize(
    ("check", "kind", "data", "care_stops"), list(product(CheckKind, RequestKind, DataClass, [True, False]))
)
def test_every_request_finds_something_to_answer(
    check: CheckKind, kind: RequestKind, data: DataClass, care_stops: bool
) -> None:
    if check is CheckKind.PRIVACY and data is DataClass.NONE:
        return  # no privacy check is opened where no personal data are handled
    if check is CheckKind.SECURITY and kind is RequestKind.RETIREMENT:
        assert [i.id for i in checklist(check, TODAY).items_for(kind, data, care_stops)] == ["secure-erase"]
    assert checklist(check, TODAY).items_for(kind, data, care_stops)


def test_health_data_ask_for_a_certified_host() -> None:
    security = checklist(CheckKind.SECURITY, TODAY)
    health = {item.id for item in security.items_for(RequestKind.NEW, DataClass.HEALTH, True)}
    plain = {item.id for item in security.items_for(RequestKind.NEW, DataClass.NONE, False)}
    assert {"hds-v2", "degraded-mode", "degraded-drill"} <= health - plain
    assert {"backup", "restore-test", "supplier-access"} <= plain


def test_a_day_without_checklist_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(NoChecklist, match="add one to checklists/"):
        checklist(CheckKind.SECURITY, date(2020, 1, 1))


def test_two_versions_that_count_on_the_same_day_are_refused(tmp_path: Path) -> None:
    old = FOLDER / "security.json"
    new = tmp_path / "security-2.json"
    new.write_text(old.read_text(encoding="utf-8").replace("2026-10-12", "2027-01-01"), encoding="utf-8")
    with pytest.raises(BadReferenceData, match="count on the same day"):
        load([old, new])


def test_an_item_that_stands_twice_is_refused(tmp_path: Path) -> None:
    bad = tmp_path / "security.json"
    text = (FOLDER / "security.json").read_text(encoding="utf-8")
    bad.write_text(text.replace('"id": "backup"', '"id": "updates"'), encoding="utf-8")
    with pytest.raises(BadReferenceData, match="updates"):
        load([bad])
