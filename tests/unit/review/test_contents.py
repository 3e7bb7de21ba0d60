"""The table of contents of the review service says all that there is; each kind of check has what it needs."""

import inspect
import re
from pathlib import Path

import pytest

from services.review import actions
from services.review.model.check_kinds import CHECK_KINDS, ROLES
from services.review.model.checklists import FOLDER
from services.review.service import ACTIONS, TRAIL_WORDS
from services.review.words import ANNOUNCED
from shared.contracts.vocabulary import CheckKind
from shared.identity.demo import REVIEWER_OF

FILES = Path(str(actions.__file__)).parent
OF_EVENTS = {"on_events", "open_review", "close_withdrawn", "answer_arrives"}
SHARED = {"carry_out", "live", "judge_reuse", "pass_deadline"}


def test_each_file_of_actions_is_listed() -> None:
    files = {path.stem for path in FILES.glob("[a-z]*.py")} - OF_EVENTS - SHARED
    assert {action.__module__.rpartition(".")[2] for action in ACTIONS} == files


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.__name__)
def test_each_action_begins_with_who_acts(action: object) -> None:
    assert callable(action)
    assert list(inspect.signature(action).parameters)[:2] == ["running", "person"]


def test_each_action_in_the_trail_has_its_words() -> None:
    found = {
        slug
        for folder in (FILES, FILES.parent / "model")
        for path in folder.glob("*.py")
        for slug in re.findall(r'TrailEntry\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert found == set(TRAIL_WORDS)
    assert set(ANNOUNCED) <= set(TRAIL_WORDS)


@pytest.mark.parametrize("kind", CheckKind)
def test_each_kind_of_check_has_its_rules_its_role_its_checklist_and_its_demo_account(kind: CheckKind) -> None:
    assert kind in CHECK_KINDS
    assert kind in ROLES
    assert kind in REVIEWER_OF
    assert (FOLDER / f"{kind}.json").exists()
