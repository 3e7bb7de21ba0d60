"""Where the milliseconds of a case go in one service, at saturation or at a low rate."""

import json
import os
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from rich.table import Table

from benchmarks.load.journey import WARM, driver_of, give
from benchmarks.load.loadgen import Load
from benchmarks.measures.meter import Meter
from benchmarks.report.summary import CONSOLE
from benchmarks.subjects.catalogue import Bench
from deploy.local.settings import ROOT

Frame = tuple[str, str, int]
Stacks = list[tuple[list[Frame], int]]
OURS = ("services/", "shared/")
MOST = 40


def show(bench: Bench, service: str, load: Load, kept: Path) -> None:
    """Run the load with this service under the sampler, print what it found, keep the stacks in a file."""
    file = bench.servers.folder / "profile.json"
    words = (sys.executable, "-m", "benchmarks.measures.sampler", str(file), f"services.{service}")
    with bench.product.running(bench.sizes.callers, wrapped={service: words}) as subject:
        pid = subject.pids[service]
        with driver_of(bench.servers, subject) as driver:
            give(bench.servers, subject, driver, WARM)
            os.kill(pid, signal.SIGUSR1)
            meter = Meter({service: [pid]})
            give(bench.servers, subject, driver, load)
            microseconds = 1e6 * meter.spent()[service] / load.cases
    shutil.copy(file, kept)
    stacks: Stacks = [([(f, q, n) for f, q, n in stack], count) for stack, count in json.loads(file.read_text())]
    total = sum(count for _, count in stacks)
    CONSOLE.print(f"[bold]{service}[/]: {microseconds:,.0f} µs of processor a case, {total} samples")
    per_sample = microseconds / max(1, total)
    _table("by package: time in its own code", by_package(stacks), per_sample)
    _table("our functions: time in them and in all that they call", by_function(stacks), per_sample)
    _table("our lines: time in them and in all that they call", by_line(stacks), per_sample)
    _table("any function: time in its own code", by_own_time(stacks), per_sample)


def by_package(stacks: Stacks) -> Counter[str]:
    """The innermost frame's package."""
    found: Counter[str] = Counter()
    for stack, count in stacks:
        found[_package(stack[0][0])] += count
    return found


def by_function(stacks: Stacks) -> Counter[str]:
    """Each function of ours counts once per stack."""
    return _once_each(stacks, lambda f: f"{_short(f[0])} {f[1]}")


def by_line(stacks: Stacks) -> Counter[str]:
    """Each line of ours counts once per stack."""
    return _once_each(stacks, lambda f: f"{_short(f[0])}:{f[2]} {f[1]}")


def by_own_time(stacks: Stacks) -> Counter[str]:
    """The innermost function, ours or not."""
    found: Counter[str] = Counter()
    for stack, count in stacks:
        found[f"{_short(stack[0][0])} {stack[0][1]}"] += count
    return found


def _once_each(stacks: Stacks, name: Callable[[Frame], str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for stack, count in stacks:
        for one in {name(frame) for frame in stack if _short(frame[0]).startswith(OURS)}:
            found[one] += count
    return found


def _short(file: str) -> str:
    path = Path(file)
    if path.is_relative_to(ROOT):
        return str(path.relative_to(ROOT))
    parts = path.parts
    for marker in ("site-packages", f"python{sys.version_info.major}.{sys.version_info.minor}"):
        if marker in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(marker) :])
    return file


def _package(file: str) -> str:
    short = _short(file)
    return "/".join(short.split("/")[:2]) if short.startswith(OURS) else short.split("/")[0]


def _table(title: str, found: Counter[str], per_sample: float) -> None:
    table = Table(title=title, title_justify="left")
    table.add_column("µs/case", justify="right")
    table.add_column("where", overflow="fold")
    for name, count in found.most_common(MOST):
        table.add_row(f"{count * per_sample:,.0f}", name)
    CONSOLE.print(table)
