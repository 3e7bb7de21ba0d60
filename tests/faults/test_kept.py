"""A campaign that was stopped goes on where it stopped, on the same code and terms only, and says what it came to."""

from dataclasses import replace
from pathlib import Path

import pytest

from faults.checker.evidence import Struck
from faults.checker.objection import Objection
from faults.kept import Kept, OtherCampaign
from faults.order import Order, Terms
from faults.plan import Fault
from faults.report import summary, verdict
from faults.result import Result

TERMS = Terms(1000, 5, (Fault.POISON,), "acknowledge-first")
STRUCK = [Struck("poison", "kafka", 1.0, 2.0, commands, 20, 300) for commands in (10, 30, 80)]
GOOD = Result(1, 1000, lived=1010, strikes=STRUCK, told=9000, drained_in=0.5, phases={"strikes": 20.0}, took=40.0)
OBJECTED = Result(2, 1000, objections=[Objection("nothing happens twice", "a case", "it did")], strikes=STRUCK)
BROKEN = Result(3, 1000, crash="RuntimeError: request is not ready")


def test_a_finished_seed_is_kept_whole_and_a_broken_one_runs_again(tmp_path: Path) -> None:
    kept = Kept(tmp_path, TERMS, "code", "commit")
    for result in (GOOD, OBJECTED, BROKEN):
        kept.add(result)
    again = Kept(tmp_path, TERMS, "code", "a later commit of the same files")
    assert again.finished() == [GOOD, OBJECTED]
    assert again.broken() == [BROKEN]


@pytest.mark.parametrize(
    ("terms", "code"),
    [(TERMS, "other code"), (replace(TERMS, cases=200), "code"), (replace(TERMS, mutation=""), "code")],
)
def test_results_of_other_code_or_other_terms_are_not_mixed(tmp_path: Path, terms: Terms, code: str) -> None:
    Kept(tmp_path, TERMS, "code", "commit")
    with pytest.raises(OtherCampaign, match="take another folder"):
        Kept(tmp_path, terms, code, "commit")


def test_an_order_reaches_the_process_that_runs_it() -> None:
    order = Order(17, TERMS, Path("/somewhere"))
    assert Order.read(order.text()) == order


def test_the_report_tells_objections_from_breakdowns() -> None:
    text = summary([GOOD, OBJECTED], [BROKEN], [4, 5], 60)
    assert "objections in seeds [2]" in text
    assert "the run itself broke down: seeds [3]" in text
    assert "did not run: 2 seeds, the first 4" in text
    assert "10 / 30 / 80" in text
    assert "objection" not in verdict(BROKEN, TERMS)


def test_a_seed_that_broke_down_and_then_came_to_its_end_is_still_named() -> None:
    text = summary([replace(GOOD, seed=3)], [BROKEN], [], 60)
    assert "came to their end in a later run: seeds [3]" in text
    assert text.endswith("no objection")
