"""The figures of a run as pictures beside its raw results: speed, latency, cost over the cases that are there."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")  # no screen

from matplotlib import pyplot as plt

from benchmarks.load.journey import Measures
from benchmarks.measures import scale, workers
from benchmarks.measures.pages import PAGES

Results = Mapping[str, Sequence[Measures]]
OURS, OTHERS = "#1d4f91", "#9aa5b1"


def draw(file: Path, results: Results) -> list[Path]:
    """One SVG per kind of figure that was measured, named after the raw results; their paths."""
    drawn = {
        "speed": _speed(results),
        "latency": _latency(results),
        "scale": _over_cases(results),
        "pages": _pages(results),
    }
    kept = []
    # The same figures make the same file: what is kept in git changes only with them.
    with mpl.rc_context({"svg.hashsalt": "convergence", "font.size": 9, "axes.spines.top": False}):
        for name, make in drawn.items():
            if make is None:
                continue
            path = file.with_name(f"{file.stem}-{name}.svg")
            with _axes(path) as axes:
                make(axes)
            kept.append(path)
    return kept


def _speed(results: Results) -> Any:
    runs = {name: values for name, values in results.items() if values and "journeys_s" in values[0]}
    runs = {name: values for name, values in runs.items() if not name.startswith(scale.NAME)}

    def make(axes: Any) -> None:
        _bars(axes, {name: [run["journeys_s"] for run in values] for name, values in runs.items()})
        axes.set_xlabel("journeys per second: median, lowest to highest")

    return make if runs else None


def _latency(results: Results) -> Any:
    runs = {name: values for name, values in results.items() if name.endswith("-lat") and values}

    def make(axes: Any) -> None:
        shown = {
            f"{name} {word}": [run[key] for run in values]
            for name, values in runs.items()
            for word, key in (("median", "p50_ms"), ("99th", "p99_ms"))
        }
        _bars(axes, shown)
        axes.set_xlabel("ms from submission to decision at 20 cases a second")

    return make if runs else None


def _over_cases(results: Results) -> Any:
    runs = _sized(results)

    def make(axes: Any) -> None:
        middles = [statistics.median(scale.costs(values)) for values in runs.values()]
        for size, values in runs.items():
            axes.plot([size] * len(values), scale.costs(values), ".", color=OTHERS)
        axes.plot(list(runs), middles, "o-", color=OURS, label="median")
        axes.axhspan(middles[0] / scale.FLAT, middles[0] * scale.FLAT, color=OTHERS, alpha=0.25, label="15 %", lw=0)
        axes.set(xscale="log", ylim=(0, None), xlabel="cases there already", ylabel="ms of processor per case")
        axes.legend(frameon=False)

    return make if runs else None


def _pages(results: Results) -> Any:
    runs = _sized(results)

    def make(axes: Any) -> None:
        for page in PAGES:
            middles = [statistics.median(run[f"{page}_page_ms"] for run in values) for values in runs.values()]
            (line,) = axes.plot(list(runs), middles, "o-", label=page)
            bare = [statistics.median(run[f"{page}_query_ms"] for run in values) for values in runs.values()]
            axes.plot(list(runs), bare, ".:", color=line.get_color(), label=f"{page}: bare query")
        axes.set(xscale="log", yscale="log", xlabel="cases there already", ylabel="ms")
        axes.legend(frameon=False, ncols=2)

    return make if runs else None


def _sized(results: Results) -> dict[int, Sequence[Measures]]:
    return {int(name.removeprefix(scale.NAME)): runs for name, runs in results.items() if name.startswith(scale.NAME)}


def _bars(axes: Any, values: Mapping[str, Sequence[float]]) -> None:
    middles = [statistics.median(each) for each in values.values()]
    spread = [
        [middle - min(each) for middle, each in zip(middles, values.values(), strict=True)],
        [max(each) - middle for middle, each in zip(middles, values.values(), strict=True)],
    ]
    colors = [OURS if name.startswith(("product", workers.NAME)) else OTHERS for name in values]
    bars = axes.barh(list(values), middles, xerr=spread, color=colors, ecolor="#333333", capsize=2)
    axes.bar_label(bars, labels=[f"{middle:,.4g}" for middle in middles], padding=6)
    axes.invert_yaxis()
    axes.margins(x=0.15)


@contextmanager
def _axes(path: Path) -> Iterator[Any]:
    figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
    try:
        yield axes
        figure.savefig(path, metadata={"Date": None})
    finally:
        plt.close(figure)
