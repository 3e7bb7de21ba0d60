"""Runs a program under a sampling profiler: `python -m benchmarks.measures.sampler FILE module [arguments]`.

The kernel's profiling timer counts processor time, not waiting, so what it finds is what a case costs. It adds a few
per cent, where a tracing profiler multiplies small functions. On SIGUSR1 it starts to count; the stacks are written
when the program ends.
"""

import atexit
import json
import runpy
import signal
import sys
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType

EVERY_SECONDS = 0.001
"""The kernel rounds it up to its own tick, often 4 ms: give it some thousand cases."""
Stack = tuple[tuple[CodeType, int], ...]


def main(file: Path, module: str, arguments: list[str]) -> None:
    """Run that program under the timer."""
    seen: Counter[Stack] = Counter()

    def sample(_: int, frame: FrameType | None) -> None:
        stack = []
        while frame is not None:
            stack.append((frame.f_code, frame.f_lineno))
            frame = frame.f_back
        seen[tuple(stack)] += 1

    def begin(_: int, __: FrameType | None) -> None:
        seen.clear()
        signal.setitimer(signal.ITIMER_PROF, EVERY_SECONDS, EVERY_SECONDS)

    def write() -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        stacks = [
            [[[code.co_filename, code.co_qualname, line] for code, line in stack], count]
            for stack, count in seen.items()
        ]
        file.write_text(json.dumps(stacks))

    signal.signal(signal.SIGPROF, sample)
    signal.signal(signal.SIGUSR1, begin)
    atexit.register(write)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
