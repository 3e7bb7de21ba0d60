"""An ahead-of-time cache of Kafka's classes (JEP 514): a start costs half the processor time. Made once, beside the jars."""

import fcntl
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from deploy.local.processes.child import Child

_PATIENCE = 60.0


def cache_of(program: Path) -> Path:
    """Where the cache of this folder of jars is, or will be."""
    return program.with_name(f"{program.name}.aot")


def option(program: Path) -> tuple[str, ...]:
    """What tells Java to use it. A cache of another Java is left aside by itself."""
    cache = cache_of(program)
    return (f"-XX:AOTCache={cache}", "-Xlog:aot=off,cds=off") if cache.exists() else ()


def warm(program: Path, train: Callable[[Path, str], tuple[Child, Callable[[], bool]]]) -> None:
    """Run a broker for a moment in a temporary folder, and keep what Java learns from it.

    `train` starts that broker in a folder with an option for Java, and tells when it is up. Without a cache everything
    works as well, only slower: so a broker that does not come up in time is no reason to stop.
    """
    cache = cache_of(program)
    with (program.parent / "lock").open("w") as lock, tempfile.TemporaryDirectory() as folder:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if cache.exists():
            return
        half = cache.with_name(f"{cache.name}.{os.getpid()}")
        child, up = train(Path(folder), f"-XX:AOTCacheOutput={half}")
        try:
            deadline = time.monotonic() + _PATIENCE
            while not up() and child.returncode is None and time.monotonic() < deadline:
                time.sleep(0.05)
            child.terminate()
            child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            return
        finally:
            child.stop()
        if half.exists():
            half.rename(cache)
