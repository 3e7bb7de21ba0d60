"""Cost of a case with many there already."""

from collections.abc import Mapping, Sequence

from benchmarks.journey import Measures
from benchmarks.subjects import Bench


def measure_all(bench: Bench, sizes: Sequence[int]) -> dict[str, list[Measures]]:
    raise NotImplementedError


def verdict(results: Mapping[str, Sequence[Measures]]) -> bool:
    raise NotImplementedError
