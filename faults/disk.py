"""A disk for PostgreSQL that can be made full: a file system in memory whose size shrinks to what it holds.

It needs the right to mount. Without it the fault is left out, and the report says so.
"""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

ROOMY = "4g"
_CLONE_NEWNS = 0x00020000


class Disk:
    """A mounted folder, or a plain one where mounting is not allowed (`can_fill` is then false)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)
        self.can_fill = os.geteuid() == 0 and _run(
            "mount", "-t", "tmpfs", "-o", f"size={ROOMY},mode=0711", "faults", folder
        )

    def fill(self) -> None:
        """Not a byte more than what is there."""
        state = os.statvfs(self.folder)
        used = (state.f_blocks - state.f_bfree) * state.f_frsize
        _run("mount", "-o", f"remount,size={used // 1024}k", self.folder)

    def empty(self) -> None:
        """Room again."""
        _run("mount", "-o", f"remount,size={ROOMY}", self.folder)

    def release(self, keep: Path | None = None) -> None:
        """Unmount; what it holds goes to `keep`, or is lost."""
        if not self.can_fill:
            return
        if keep is not None:
            _run("cp", "-a", f"{self.folder}/.", keep)
        _run("umount", "--lazy", self.folder)


def mount_for_ourselves() -> None:
    """A mount namespace of our own, where allowed: what is mounted in it disappears with its last process."""
    if sys.platform == "linux" and os.geteuid() == 0 and ctypes.CDLL(None).unshare(_CLONE_NEWNS) == 0:
        _run("mount", "--make-rprivate", "/")


def _run(*argv: str | Path) -> bool:
    return subprocess.run([str(word) for word in argv], capture_output=True, check=False).returncode == 0
