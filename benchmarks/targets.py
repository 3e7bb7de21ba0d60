"""What must be reached: ratios of one run, because only these mean something on a small and shared machine."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.journey import Measures

Results = Mapping[str, Sequence[Measures]]


@dataclass(frozen=True)
class Target:
    """A figure, what it must be, and what it should become. `of` gives one value per round."""

    name: str
    of: Callable[[Results], list[float]]
    limit: float
    next_limit: float
    at_least: bool
    unit: str = ""

    def met(self, values: Sequence[float], limit: float) -> bool:
        """By the median."""
        middle = statistics.median(values)
        return middle >= limit if self.at_least else middle <= limit

    def said(self, limit: float) -> str:
        return f"{'≥' if self.at_least else '≤'} {limit:g}{self.unit}"


def _ratio(one: str, other: str, measure: str) -> Callable[[Results], list[float]]:
    def pairs(results: Results) -> list[float]:
        both = zip(results.get(one, ()), results.get(other, ()), strict=False)
        return [a[measure] / b[measure] for a, b in both]

    return pairs


def _plain(subject: str, measure: str) -> Callable[[Results], list[float]]:
    return lambda results: [values[measure] for values in results.get(subject, ())]


TARGETS: tuple[Target, ...] = (
    Target(
        "journeys per second: product / floor-http",
        _ratio("product", "floor-http", "journeys_s"), limit=0.5, next_limit=0.8, at_least=True,
    ),
    Target(
        "median at 20 cases/s: product-lat / floor-http-lat",
        _ratio("product-lat", "floor-http-lat", "p50_ms"), limit=2.5, next_limit=1.5, at_least=False,
    ),
    Target(
        "processor of the three services when idle, ms per second",
        _plain("idle", "services_ms_s"), limit=25, next_limit=20, at_least=False,
    ),
)  # fmt: skip
