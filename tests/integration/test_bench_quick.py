"""The benchmark works, and every case that it submits is decided. How fast is not a test's business: machines differ."""

import json
import os
import subprocess
import sys
from pathlib import Path

from deploy.local.settings import ROOT


def test_a_small_benchmark_sees_every_case_decided_on_both_sides(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--results", str(tmp_path)],
        cwd=ROOT, env=_apart(), capture_output=True, text=True, check=False, timeout=400,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:]
    results = json.loads(next(tmp_path.glob("bench-*.json")).read_text())["results"]
    assert {name: [run.get("cases") for run in runs] for name, runs in results.items()} == {
        "floor-http": [40], "product": [40], "product-crowd": [40], "floor-http-lat": [20], "product-lat": [20],
        "idle": [None],
    }  # fmt: skip


def test_a_small_look_at_scale_counts_consumers_sizes_and_bytes(tmp_path: Path) -> None:
    asked = ["--quick", "--workers", "1", "--growth", "--scale", "200", "--results", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *asked],
        cwd=ROOT, env=_apart(), capture_output=True, text=True, check=False, timeout=400,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:]
    results = json.loads(next(tmp_path.glob("bench-*.json")).read_text())["results"]
    assert {name: [run["cases"] for run in runs] for name, runs in results.items()} == {
        "workers-1": [40], "growth": [40], "scale-200": [40],
    }  # fmt: skip
    assert results["growth"][0]["topics_bytes_case"] > 0
    assert results["growth"][0]["events_case"] >= 8
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".svg"}


def _apart() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("CONVERGENCE_")}
