"""A campaign leaves nothing behind, however it ends: no process, no mount, no folder."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from deploy.local.settings import ROOT
from tests.helpers.servers import alive

PATIENCE = 60.0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.usefixtures("golden")
def test_a_campaign_that_is_ended_leaves_no_process(new_folder: Callable[[], Path], number: signal.Signals) -> None:
    folder = new_folder()
    argv = [sys.executable, "-m", "faults", "--seeds", "1-2", "--cases", "40", "--folder", str(folder)]
    campaign = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        _until(lambda: _works(campaign), "no service came up")
        theirs = psutil.Process(campaign.pid).children(recursive=True)
        campaign.send_signal(number)
        said, _ = campaign.communicate(timeout=PATIENCE)
    finally:
        campaign.kill()
    if number != signal.SIGKILL:
        assert campaign.returncode == 130, said
        assert "did not run: 2 seeds" in said
        assert not [own for own in folder.iterdir() if own.name.startswith("seed-")]
    _until(lambda: not [one for one in theirs if alive(one.pid)], f"still there: {theirs}")
    assert str(folder) not in Path("/proc/mounts").read_text()
    shutil.rmtree(folder)


def _works(campaign: "subprocess.Popen[str]") -> bool:
    """Both servers and a service are there."""
    names = [" ".join(_words(one)) for one in psutil.Process(campaign.pid).children(recursive=True)]
    return all(any(word in name for name in names) for word in ("kafka.Kafka", "bin/postgres", "launcher.py"))


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _until(true: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.1)
