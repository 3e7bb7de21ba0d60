"""What a Python peer tells the benchmark: `MEASURING`, then `RESULT {…}`; then it waits until it may end."""

import json
import sys
import time
from collections.abc import Sequence
from types import TracebackType


class Measured:
    """`with Measured(latencies, instances):` around the load that counts. Latencies are in seconds."""

    def __init__(self, latencies: Sequence[float], instances: int) -> None:
        self._latencies = latencies
        self._instances = instances
        self._start = 0.0

    def __enter__(self) -> None:
        print("MEASURING", flush=True)
        self._start = time.perf_counter()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is not None:
            return
        seconds, ordered = time.perf_counter() - self._start, sorted(self._latencies)
        last = len(ordered) - 1
        result = {
            "journeys_s": self._instances / seconds,
            "p50_ms": 1000 * ordered[last // 2],
            "p99_ms": 1000 * ordered[last * 99 // 100],
        }
        print("RESULT", json.dumps(result), flush=True)
        sys.stdin.readline()  # what this process took is read before it ends
