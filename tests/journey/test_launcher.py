"""`make up`: one system per folder, kept up until Ctrl-C, and nothing left but its data."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import psutil
import pytest

from deploy.local.attach import running_system
from deploy.local.settings import ROOT
from tests.browser.exhibits import NEED
from tests.helpers.servers import alive
from tests.helpers.site import answers
from tests.helpers.system import LiveSystem
from tests.journey.people import People

PATIENCE = 120.0


@pytest.fixture(scope="module")
def case_id(live_system: LiveSystem) -> str:
    """A request that all of the system has seen."""
    people = People(live_system)
    made = people.do("requester-roanne", "request", "/demandes/api/requests", NEED)
    people.see("rssi", "review", f"/instruction/api/reviews/{made['case_id']}")
    people.close()
    return str(made["case_id"])


def test_a_service_that_was_killed_comes_back(live_system: LiveSystem, case_id: str) -> None:
    others = {part: live_system.process(part) for part in ("launcher", "request", "postgres", "kafka")}
    killed = live_system.kill("review")
    _until(lambda: live_system.is_back("review", killed), "nobody started it again")
    _until(lambda: answers(live_system.url("review") + "/health/ready"), "it is not ready")
    assert {part: live_system.process(part) for part in others} == others


def test_a_second_start_on_the_same_folder_is_refused_with_a_sentence(live_system: LiveSystem) -> None:
    settings, launcher = live_system.settings, live_system.process("launcher")
    second = subprocess.run(
        [sys.executable, "-m", "convergence", "up"],
        cwd=ROOT,
        env={**os.environ, **settings.given},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert second.returncode == 1
    assert f"a system already runs on {settings.data} (pid {launcher.pid}): use it" in second.stdout
    assert "Traceback" not in second.stdout + second.stderr
    assert live_system.process("launcher") == launcher
    assert answers(live_system.url("request") + "/health/ready")


def test_ctrl_c_ends_everything_and_keeps_the_data(live_system: LiveSystem, case_id: str) -> None:
    launcher = psutil.Process(live_system.process("launcher").pid)
    theirs = [launcher, *launcher.children(recursive=True)]
    assert len(theirs) > 5, "the launcher, two servers, three services"
    launcher.send_signal(signal.SIGINT)
    _until(lambda: not any(alive(one.pid) for one in theirs), f"still there: {theirs}")
    assert not live_system.settings.run_file.exists()
    with running_system(lambda _: None, live_system.settings):
        people = People(live_system)
        assert people.get("requester-roanne", "request", f"/demandes/api/requests/{case_id}")["case_id"] == case_id
        assert people.get("rssi", "review", f"/instruction/api/reviews/{case_id}")["case_id"] == case_id
        people.close()


def _until(true: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.1)
