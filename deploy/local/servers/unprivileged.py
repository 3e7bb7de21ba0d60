"""PostgreSQL refuses to run as root: then it runs as a system user, from folders that this user was seen to enter."""

import contextlib
import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.local.settings import Misconfigured

_ELSEWHERE: Final = tuple(Path(folder, "convergence") for folder in ("/var/lib", "/opt", "/var/tmp", "/tmp"))  # noqa: S108
"""Where to try when a clone or its data lie in a folder that only root may enter, the most lasting first."""


@dataclass(frozen=True)
class Account:
    """The system user that owns the data; none where we are not root, and run everything as we are."""

    entry: pwd.struct_passwd | None

    @property
    def user(self) -> int | None:
        return None if self.entry is None else self.entry.pw_uid

    @property
    def group(self) -> int | None:
        return None if self.entry is None else self.entry.pw_gid

    def give(self, path: Path) -> None:
        """Make it the owner of a file that we wrote."""
        if self.entry is not None:
            os.chown(path, self.entry.pw_uid, self.entry.pw_gid)

    def run(self, *argv: str) -> subprocess.CompletedProcess[str]:
        """Run a short command as this user; raises `OSError` where it may not be started."""
        return subprocess.run(
            argv,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            user=self.user,
            group=self.group,
            extra_groups=None if self.user is None else [],
        )

    def may_run(self, program: Path) -> bool:
        """Whether it answers to `--version`: folders closed to this user and `noexec` mounts show here."""
        try:
            return self.run(str(program), "--version").returncode == 0
        except OSError:
            return False

    def may_enter(self, folder: Path) -> bool:
        return self.entry is None or self.run("/bin/sh", "-c", 'cd "$1"', "sh", str(folder)).returncode == 0


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


def program_for(account: Account, installed: Path, libraries: Path, program: str, name: str) -> Path:
    """`program` below `installed` if the account may run it, else in a copy called `name`; raises `Misconfigured`.

    `libraries` lie beside `installed`, as its binaries expect. Every clone shares the copy.
    """
    if account.may_run(installed / program):
        return installed / program
    for home in _homes():
        copy = home / name
        _copied_once(copy, installed, libraries)
        if account.may_run(copy / installed.name / program):
            return copy / installed.name / program
        shutil.rmtree(copy)
    raise _no_way(account, installed)


def data_folder(account: Account, asked: Path) -> Path:
    """Where the data of `asked` lie: there, or at the end of its link where the account may not enter its parent.

    A link is made the first time. Raises `Misconfigured` where no folder can be entered.
    """
    asked.parent.mkdir(parents=True, exist_ok=True)
    if asked.is_symlink() and asked.exists():
        return asked.resolve()
    if account.may_enter(asked.parent):
        return asked
    if asked.exists():
        raise Misconfigured(
            f"the user {_name(account)} may not enter {asked.parent} any more, where its data lie: "
            f"open that folder (chmod o+x on it and on each above it), or move it"
        )
    for home in _homes():
        place = Path(tempfile.mkdtemp(prefix=f"{asked.name}-", dir=home))
        place.chmod(0o711)
        if account.may_enter(place):
            asked.unlink(missing_ok=True)
            asked.symlink_to(place / asked.name)
            (place / asked.name).mkdir(mode=0o700)
            account.give(place / asked.name)
            return place / asked.name
        place.rmdir()
    raise _no_way(account, asked.parent)


def forget_data(asked: Path) -> None:
    """Delete a data folder, wherever its data lie, or a file."""
    if asked.is_symlink():
        shutil.rmtree(asked.resolve().parent, ignore_errors=True)
    if asked.is_dir() and not asked.is_symlink():
        shutil.rmtree(asked)
    else:
        asked.unlink()


def temporary_folder(prefix: str = "convergence-") -> Path:
    """A new folder that the unprivileged user of PostgreSQL may enter, wherever temporary files are kept."""
    account = account_for(Path("/nonexistent"))
    for home in (Path(tempfile.gettempdir()), *_homes()):
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=home))
        folder.chmod(0o711)
        if account.may_enter(folder):
            return folder
        folder.rmdir()
    raise _no_way(account, Path(tempfile.gettempdir()))


def _homes() -> Iterator[Path]:
    for home in _ELSEWHERE:
        with contextlib.suppress(OSError):
            home.mkdir(parents=True, exist_ok=True)
            home.chmod(0o755)
            yield home


def _copied_once(copy: Path, installed: Path, libraries: Path) -> None:
    with (copy.with_name(f"{copy.name}.lock")).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if copy.exists():
            return
        half = copy.with_name(f"{copy.name}.new")
        shutil.rmtree(half, ignore_errors=True)
        for folder in (installed, libraries):
            if folder.exists():
                shutil.copytree(folder, half / folder.name, ignore=shutil.ignore_patterns("__pycache__", "include"))
        for path in (half, *half.rglob("*")):  # an install under a strict umask is readable by its owner only
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        half.rename(copy)


def _no_way(account: Account, closed: Path) -> Misconfigured:
    tried = ", ".join(str(home) for home in _ELSEWHERE)
    return Misconfigured(
        f"PostgreSQL runs as {_name(account)}, who may not enter {closed} nor run programs in {tried}: "
        f"put this clone and CONVERGENCE_DATA into a folder open to all (for example /srv/convergence)"
    )


def _name(account: Account) -> str:
    return "this user" if account.entry is None else account.entry.pw_name
