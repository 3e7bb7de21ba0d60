"""The table of contents of the request service says all that there is."""

import re
from pathlib import Path

from services.request import actions
from services.request.service import ACTIONS, TRAIL_WORDS

FOLDER = Path(str(actions.__file__)).parent


def test_each_file_of_actions_is_listed() -> None:
    files = {path.stem for path in FOLDER.glob("[a-z]*.py")} - {"on_events", "pass_deadline"}
    assert {action.__name__ for action in ACTIONS} == files


def test_each_action_in_the_trail_has_its_words() -> None:
    found = {slug for path in FOLDER.glob("*.py") for slug in re.findall(r'TrailEntry\(\s*"(\w+)"', path.read_text())}
    assert found == set(TRAIL_WORDS)
