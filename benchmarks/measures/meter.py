"""Processor time of groups of processes."""

from collections.abc import Mapping, Sequence

import psutil

Parts = Mapping[str, Sequence[int]]
"""What is measured apart: a name, and the processes under it, whose children count too."""


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, of its children, and of the children that it has waited for."""
    process = psutil.Process(pid)
    spent = sum(process.cpu_times()[:4])
    for child in process.children(recursive=True):
        try:
            spent += sum(child.cpu_times()[:2])
        except psutil.NoSuchProcess:  # its time is its parent's now
            continue
    return float(spent)


class Meter:
    """Processor time since it was made."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._start = self._now()

    def _now(self) -> dict[str, float]:
        return {name: sum(map(cpu_seconds, pids)) for name, pids in self._parts.items()}

    def spent(self) -> dict[str, float]:
        """Seconds by part."""
        return {name: after - self._start[name] for name, after in self._now().items()}
