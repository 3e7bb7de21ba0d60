"""A child process that cannot outlive its parent, writes to a log file, and ends when asked."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Command:
    """What to run and how to end it. `orphaned` is the signal that the kernel sends when the launcher is gone.

    Nothing is left then to wait for an orderly end, so it cannot be caught: every program here recovers from it.
    """

    name: str
    argv: tuple[str, ...]
    log: Path
    environ: Mapping[str, str] | None = None
    folder: Path | None = None
    user: int | None = None
    group: int | None = None
    stop: signal.Signals = signal.SIGTERM
    orphaned: signal.Signals = signal.SIGKILL
    grace: float = 20.0
    """Seconds between the polite signal and SIGKILL to the whole process group."""


class Child:
    """A running `Command`. Start it from a thread that lives as long as it: Linux sends the signal when that thread ends."""

    def __init__(self, command: Command) -> None:
        self.command = command
        command.log.parent.mkdir(parents=True, exist_ok=True)
        with command.log.open("ab") as log:
            self._start_of_log = log.tell()
            self._process = subprocess.Popen(
                command.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=None if command.environ is None else dict(command.environ),
                cwd=command.folder,
                user=command.user,
                group=command.group,
                extra_groups=None if command.user is None else [],
                start_new_session=True,  # Ctrl-C reaches the launcher only, which ends its children in order
                preexec_fn=_die_with(os.getpid(), command.orphaned),  # noqa: PLW1509 -- one system call, no lock
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.poll()

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code; raises `subprocess.TimeoutExpired`."""
        return self._process.wait(timeout)

    def signal_group(self, number: signal.Signals) -> None:
        """Signal its process group; does nothing when it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def terminate(self) -> None:
        """Send the polite signal, without waiting."""
        if self.returncode is None:
            self._process.send_signal(self.command.stop)

    def stop(self) -> None:
        """Send the polite signal, wait, then SIGKILL. Leaves no process of its group behind."""
        if self.returncode is None:
            self.terminate()
            try:
                self.wait(self.command.grace)
            except subprocess.TimeoutExpired:
                self.signal_group(signal.SIGKILL)
                self.wait()
        self.signal_group(signal.SIGKILL)

    def said(self, lines: int = 12) -> str:
        """The last lines that it wrote since this start."""
        with self.command.log.open("rb") as log:
            log.seek(max(self._start_of_log, self.command.log.stat().st_size - 20_000))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])


def _die_with(parent: int, number: signal.Signals) -> Callable[[], None] | None:
    if _LIBC is None:
        return None
    libc = _LIBC

    def in_child() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died before the call above
            os._exit(1)

    return in_child
