"""A clone, data or temporary files in a folder that only root may enter: PostgreSQL runs all the same."""

import os
import tempfile
import time
from pathlib import Path

import pytest

from convergence.commands.reset import reset
from deploy.local.processes.child import Child
from deploy.local.processes.ports import free_ports
from deploy.local.servers import unprivileged
from deploy.local.servers.postgres import Postgres
from deploy.local.servers.unprivileged import account_for, forget_data, program_for, temporary_folder
from deploy.local.settings import Misconfigured

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="another user runs PostgreSQL as themselves")


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A folder like a clone in /root or below `mktemp -d`."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


def test_data_asked_for_in_a_closed_folder_are_kept_where_postgresql_can_live(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Postgres(closed / ".data" / "postgres", free_ports(1)[0], "secret", closed / "log")
    server.prepare()
    lie = (closed / ".data" / "postgres").resolve()
    assert closed not in lie.parents
    assert (lie / "PG_VERSION").exists()
    again = Postgres(closed / ".data" / "postgres", server.port, "secret", closed / "log")
    again.prepare()
    child = Child(again.command())
    try:
        deadline = time.monotonic() + 60
        while not again.ready():
            assert time.monotonic() < deadline, child.said(20)
            time.sleep(0.05)
    finally:
        child.stop()
    monkeypatch.setenv("CONVERGENCE_DATA", str(closed / ".data"))
    reset(yes=True)
    assert not lie.parent.exists()
    assert not os.path.lexists(closed / ".data" / "postgres")


def test_a_program_in_a_closed_folder_is_copied_once(closed: Path, tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as home, pytest.MonkeyPatch.context() as patch:
        patch.setattr(unprivileged, "_ELSEWHERE", (Path(home),))
        installed = closed / "wheel"
        (installed / "bin").mkdir(parents=True)
        program = installed / "bin" / "says"
        program.write_text("#!/bin/sh\necho 18\n")
        program.chmod(0o700)
        account = account_for(closed / "data")
        copy = program_for(account, installed, closed / "none", "bin/says", "copy-1")
        assert copy == Path(home) / "copy-1" / "wheel" / "bin" / "says"
        assert account.run(str(copy)).stdout == "18\n"
        before = copy.stat().st_mtime_ns
        assert program_for(account, installed, closed / "none", "bin/says", "copy-1") == copy
        assert copy.stat().st_mtime_ns == before


def test_where_no_folder_can_be_entered_one_sentence_says_which_to_choose(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unprivileged, "_ELSEWHERE", (closed / "elsewhere",))
    server = Postgres(closed / "postgres", free_ports(1)[0], "secret", closed / "log")
    with pytest.raises(Misconfigured, match=r"may not enter .*: put this clone .* into a folder open to all"):
        server.prepare()
    assert not os.path.lexists(closed / "postgres")


def test_temporary_systems_avoid_a_closed_temporary_folder(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(closed))
    folder = temporary_folder()
    assert closed not in folder.parents
    assert list(closed.iterdir()) == []
    forget_data(folder)
