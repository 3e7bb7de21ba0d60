"""PostgreSQL refuses to run as root: then it runs as a system user, with a way into folders closed to that user."""

import contextlib
import os
import pwd
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from deploy.local.settings import Misconfigured


@dataclass(frozen=True)
class Runner:
    """How a command is run: its words, and the user to become first (none: as we are)."""

    argv: tuple[str, ...]
    user: int | None = None
    group: int | None = None


@dataclass(frozen=True)
class Account:
    """The system user that owns the data; none where we are not root."""

    entry: pwd.struct_passwd | None

    def give(self, path: Path) -> None:
        """Make it the owner of a file that we wrote."""
        if self.entry is not None:
            os.chown(path, self.entry.pw_uid, self.entry.pw_gid)

    def runner(self, argv: list[str], reaches: list[Path], orphaned: signal.Signals) -> Runner:
        """Run as this user; `reaches` are the folders that the command must get to."""
        if self.entry is None:
            return Runner(tuple(argv))
        closed = [path for path in reaches if not _passable(path)]
        if not closed:
            return Runner(tuple(argv), self.entry.pw_uid, self.entry.pw_gid)
        return Runner((*_let_through(self.entry, closed[0], orphaned), *argv))


def account_for(folder: Path) -> Account:
    """Who owns the data already, or a system user that exists everywhere; raises `Misconfigured` where none does."""
    if os.geteuid() != 0:
        return Account(None)
    if folder.exists() and folder.stat().st_uid != 0:
        return Account(pwd.getpwuid(folder.stat().st_uid))
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return Account(pwd.getpwnam(name))
    raise Misconfigured("PostgreSQL does not run as root, and this machine has no user `postgres` or `nobody`")


def _passable(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.parents)


def _let_through(user: pwd.struct_passwd, closed: Path, orphaned: signal.Signals) -> tuple[str, ...]:
    # A clone in /root: one capability for this one process, rather than opening folders that are not ours.
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise Misconfigured(
            f"PostgreSQL does not run as root, and the user {user.pw_name} may not enter {closed.parent}: "
            "work as another user, clone elsewhere, or install setpriv (util-linux)"
        )
    capability = "dac_read_search" if _has_capability(2) else "dac_override"  # containers often keep the second only
    return (
        setpriv,
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
        f"--inh-caps=+{capability}",
        f"--ambient-caps=+{capability}",
        f"--pdeathsig={orphaned.name.removeprefix('SIG')}",
        "--",
    )


def _has_capability(number: int) -> bool:
    """Whether Linux lets us keep it (the bounding set)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapBnd:"):
            return bool(int(line.split()[1], 16) >> number & 1)
    return False
