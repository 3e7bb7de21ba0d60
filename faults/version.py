"""Which code a result is about: the commit, and what the files hold, committed or not."""

import subprocess
from hashlib import sha256

from deploy.local.settings import ROOT

PARTS = ("shared", "services", "deploy", "faults")
KINDS = (".py", ".sql")


def commit() -> str:
    """The commit that is checked out, with a `+` where files differ from it; empty outside of git."""
    head = _git("rev-parse", "--short=12", "HEAD")
    return head + ("+" if head and _git("status", "--porcelain", "--", *PARTS) else "")


def code() -> str:
    """A hash of the product and of the campaign: two results with the same one are about the same code."""
    files = sorted(path for part in PARTS for path in (ROOT / part).rglob("*") if path.suffix in KINDS)
    whole = sha256()
    for path in files:
        whole.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return whole.hexdigest()[:16]


def _git(*words: str) -> str:
    argv = ["git", "-C", str(ROOT), *words]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
