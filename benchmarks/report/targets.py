"""What must be reached: ratios of one run, because only these mean something on a small and shared machine."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.load.journey import Measures
from benchmarks.subjects.peers.run import NAMES
from shared.program.registry import SERVICES

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


def _most(measure: str) -> Callable[[Results], list[float]]:
    """Of all runs of the product, whatever was there already: a bound holds always, not at the median."""

    def most(results: Results) -> list[float]:
        values = [
            run[measure] for name, runs in results.items() if name.startswith(OURS) for run in runs if measure in run
        ]
        return [max(values)] if values else []

    return most


OURS = ("product", "idle", "scale-")
"""How the names of runs of the product begin where each service is one process."""
SERVICE_MB, POSTGRES_MB, KAFKA_MB = 200.0, 1200.0, 1000.0
"""Bounds with head-room over what was measured: PostgreSQL has 512 MB of shared buffers here, Kafka 512 MB of heap."""

TARGETS: tuple[Target, ...] = (
    Target(
        "journeys per second: product / floor-http",
        _ratio("product", "floor-http", "journeys_s"), limit=0.5, next_limit=0.8, at_least=True,
    ),
    Target(
        "journeys per second with four times the callers: product-crowd / floor-http",
        _ratio("product-crowd", "floor-http", "journeys_s"), limit=0.5, next_limit=1.0, at_least=True,
    ),
    Target(
        "median at 20 cases/s: product-lat / floor-http-lat",
        _ratio("product-lat", "floor-http-lat", "p50_ms"), limit=2.5, next_limit=1.5, at_least=False,
    ),
    Target(
        "processor of the services and PostgreSQL when idle, ms per second",
        _plain("idle", "everything_ms_s"), limit=25, next_limit=20, at_least=False,
    ),
    *(
        Target(
            f"journeys per second: product / {NAMES[peer]}",
            _ratio("product", peer, "journeys_s"), limit=ratio, next_limit=ratio, at_least=True,
        )
        for peer, ratio in (("camunda", 8), ("flowable", 10), ("spiff", 5), ("dbos", 20))
    ),
    *(
        Target(
            f"peak memory of {name} in any run of the product, MB",
            _most(f"{service}_peak_mb"), limit=limit, next_limit=limit, at_least=False,
        )
        for service, name, limit in (
            *((service, f"service {service}", SERVICE_MB) for service in SERVICES),
            ("postgres", "PostgreSQL", POSTGRES_MB), ("kafka", "Kafka", KAFKA_MB),
        )
    ),
)  # fmt: skip
