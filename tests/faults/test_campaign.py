"""A small campaign with fixed seeds: the promises hold while faults strike, and a mistake put back is caught."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.campaign.golden import Golden
from tests.faults.campaign.plan import Fault, plan
from tests.faults.campaign.report import verdict
from tests.faults.campaign.run import Result, run_seed
from tests.faults.campaign.wires import Relays


async def _run(
    golden: Golden, folder: Path, seed: int, only: tuple[Fault, ...], cases: int, mutation: str = ""
) -> Result:
    result = await run_seed(
        seed, plan(seed, len(only), only), cases, golden, folder, Relays(), print, mutation=mutation
    )
    if result.good or mutation:
        shutil.rmtree(folder)
    return result


STORIES = {
    "processes": (Fault.KILL_SERVICE, Fault.SECOND_PROCESS, Fault.READ_AGAIN, Fault.PAUSE_SERVICE),
    "servers": (Fault.KILL_KAFKA, Fault.KILL_POSTGRES, Fault.CUT_DATABASE, Fault.POOL_EXHAUSTED),
    "messages": (Fault.POISON, Fault.REPEATED, Fault.CUT_KAFKA, Fault.CLOCK_JUMP),
}


@pytest.mark.parametrize("story", STORIES)
async def test_every_promise_holds_while_faults_strike(
    golden: Golden, new_folder: Callable[[], Path], story: str
) -> None:
    result = await _run(golden, new_folder(), 1, STORIES[story], 80)
    assert result.good, verdict(result)
    assert {strike.fault for strike in result.strikes if not strike.missed} >= set(STORIES[story])


async def test_an_answer_before_the_commit_is_caught(golden: Golden, new_folder: Callable[[], Path]) -> None:
    only = (Fault.KILL_POSTGRES, Fault.KILL_POSTGRES)
    result = await _run(golden, new_folder(), 1, only, 80, "answer-before-commit")
    assert "nothing acknowledged is lost" in {objection.promise for objection in result.objections}
