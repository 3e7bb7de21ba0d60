"""How much memory groups of processes take while something goes on: the peak, and what is left at the end.

Memory that processes share (PostgreSQL's buffers) is counted once: the private memory of all, and the largest share
of shared pages and of mapped files that one of them holds. Of a single process that is its resident set (RSS).
The counters are those of `/proc/<pid>/status`: reading them costs microseconds, where PSS would walk the page tables.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.measures.meter import Parts

EVERY_SECONDS = 0.5
_PRIVATE, _SHARED = "RssAnon", ("RssShmem", "RssFile")


class Watch:
    """What each part took since it began to look, in MB."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._peak = dict.fromkeys(parts, 0.0)
        self._end = dict.fromkeys(parts, 0.0)

    def look(self) -> None:
        """Take the present figures in."""
        for name, pids in self._parts.items():
            self._end[name] = resident_mb(list(pids))
            self._peak[name] = max(self._peak[name], self._end[name])

    def measures(self) -> dict[str, float]:
        """`<part>_peak_mb` and `<part>_end_mb`."""
        peaks = {f"{name}_peak_mb": megabytes for name, megabytes in self._peak.items()}
        return peaks | {f"{name}_end_mb": megabytes for name, megabytes in self._end.items()}


@contextmanager
def watched(parts: Parts) -> Iterator[Watch]:
    """Look twice a second until the end, and once more there."""
    watch, over = Watch(parts), threading.Event()

    def keep_looking() -> None:
        while not over.wait(EVERY_SECONDS):
            watch.look()

    thread = threading.Thread(target=keep_looking, daemon=True)
    watch.look()
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()
    watch.look()


def resident_mb(pids: list[int]) -> float:
    """Of these processes and their children together, in MB."""
    everyone: list[psutil.Process] = []
    for pid in pids:
        parent = psutil.Process(pid)
        everyone += [parent, *parent.children(recursive=True)]
    private, shared = 0, dict.fromkeys(_SHARED, 0)
    for one in everyone:
        try:
            held = _held(one)
        except (psutil.Error, OSError):  # it ended meanwhile
            continue
        private += held[_PRIVATE]
        shared = {kind: max(most, held[kind]) for kind, most in shared.items()}
    return (private + sum(shared.values())) / 1e6


def _held(process: psutil.Process) -> dict[str, int]:
    status = Path(f"/proc/{process.pid}/status")
    if not status.parent.parent.joinpath("self").exists():  # not Linux: the resident set is all that there is to know
        return {_PRIVATE: process.memory_info().rss, **dict.fromkeys(_SHARED, 0)}
    held = dict.fromkeys((_PRIVATE, *_SHARED), 0)
    for line in status.read_text().splitlines():
        name, _, value = line.partition(":")
        if name in held:
            held[name] = int(value.split()[0]) * 1024
    return held
