"""What a run ran on: figures from two machines, or from one machine on two days, do not compare."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import psutil

from deploy.local.servers.jars import VERSION as KAFKA
from deploy.local.settings import ROOT

PACKAGES = ("asyncpg", "aiokafka", "uvicorn", "uvloop", "litestar", "faststream", "pydantic")


def described(postgres: str) -> dict[str, str]:
    """Processor, memory, versions, commit, and how busy the machine was before. `postgres` is what the server says."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 1e9:.0f} GB",
        "system": platform.platform(),
        "python": platform.python_version(),
        "postgresql": postgres,
        "kafka": f"{KAFKA}, one broker",
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "commit": _commit(),
        "load before": f"{os.getloadavg()[0]:.2f} (1 minute); other programs take what they take from both sides",
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _commit() -> str:
    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
        return done.stdout.strip()

    commit = git("rev-parse", "--short", "HEAD") or "unknown"
    return f"{commit} with changes" if git("status", "--porcelain", "--untracked-files=no") else commit
