"""Fixtures of the fault tests: a system of their own, to strike or to look at."""

import shutil
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from deploy.local.servers.unprivileged import temporary_folder
from deploy.local.settings import local_settings
from faults.checker.evidence import Evidence
from faults.checker.read import read_evidence
from faults.golden import Golden, golden_of
from faults.http import Http
from faults.ledger import Ledger
from faults.people import People
from faults.result import Result
from faults.rig import Rig
from faults.run import Run
from faults.wires import Relays

CASES = 24


@dataclass(frozen=True)
class Quiet:
    """A system on which people worked and nothing failed, still up, and what it left behind."""

    rig: Rig
    result: Result
    evidence: Evidence


@pytest.fixture(scope="session")
def golden() -> Golden:
    """What runs start from; made in a thread of its own, for it has event loops of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(golden_of, local_settings().jars.parent / "faults", print).result()


@pytest.fixture(scope="session")
def new_folder() -> Callable[[], Path]:
    """Folders that PostgreSQL's user may enter."""
    return lambda: temporary_folder("convergence-faults-")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def quiet(golden: Golden, new_folder: Callable[[], Path]) -> AsyncIterator[Quiet]:
    """One run without a strike."""
    folder = new_folder()
    rig, ledger = Rig(golden, folder, Relays()), Ledger(folder / "ledger.jsonl")
    try:
        await rig.start()
        people = People(Http(), ledger, rig.addresses, Random("quiet"))  # noqa: S311
        result = await Run(rig, people, seed=0, cases=CASES).go(())
        yield Quiet(rig, result, await read_evidence(rig, ledger, ()))
    finally:
        ledger.close()
        await rig.end(keep=False)
        shutil.rmtree(folder)
