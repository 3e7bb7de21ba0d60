"""The table of contents of the purchasing service says all that there is, and every act has the same head."""

import ast
import inspect
from pathlib import Path
from sys import modules
from typing import Any

import pytest

from services.purchasing import actions
from services.purchasing.model.purchase import PurchaseFile
from services.purchasing.service import ACTIONS, ON_A_CASE, TRAIL_WORDS
from shared.casework.outcome import Outcome

FOLDER = Path(str(actions.__file__)).parent
RULES = {"open_purchase", "close_purchase", "propose_route", "open_census", "close_census"}
"""What events, deadlines and other acts cause."""
PLUMBING = {"on_events", "pass_deadline", "events", "enter_examples"}


def test_each_file_of_actions_is_listed() -> None:
    files = {path.stem for path in FOLDER.glob("[a-z]*.py")}
    assert {act.__name__ for act in ACTIONS} == files - RULES - PLUMBING


@pytest.mark.parametrize("act", ACTIONS)
def test_every_act_has_the_same_head(act: Any) -> None:
    names = list(inspect.signature(act).parameters)
    assert (names[:2], names[-1]) == (["running", "person"], "now")


@pytest.mark.parametrize("act", ON_A_CASE)
def test_every_act_on_a_case_has_its_pure_decision_below(act: Any) -> None:
    assert list(inspect.signature(act).parameters) == ["running", "person", "case_id", "command", "now"]
    decision = inspect.signature(modules[act.__module__].decide)
    assert list(decision.parameters)[:4] == ["file", "person", "command", "now"]
    assert decision.return_annotation == Outcome[PurchaseFile]


def _trail_actions() -> set[str]:
    """The first argument of each trail entry, as the sources write it."""
    found: set[str] = set()
    for path in FOLDER.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = {"TrailEntry": 0, "_noted": 2}.get(node.func.id)
                if place is not None:
                    found |= _texts(node.args[place])
            if isinstance(node, ast.Assign) and "TrailEntry(action" in ast.unparse(tree):
                found |= _texts(node.value) if ast.unparse(node.targets[0]) == "action" else set()
    return found


def _texts(node: ast.expr) -> set[str]:
    parts = (node.body, node.orelse) if isinstance(node, ast.IfExp) else (node,)
    return {str(part.value) for part in parts if isinstance(part, ast.Constant)}


def test_every_action_of_the_trail_has_its_words() -> None:
    assert _trail_actions() == set(TRAIL_WORDS)
