"""What the benchmark decides without running anything: what is asked for, what is met, what is drawn, what is missing."""

import os
import shutil
from pathlib import Path

import pytest

from benchmarks.__main__ import arguments, subjects
from benchmarks.measures.memory import resident_mb
from benchmarks.measures.pages import PAGES
from benchmarks.report import plots
from benchmarks.report.targets import TARGETS
from benchmarks.subjects.catalogue import PEERS, SUBJECTS
from benchmarks.subjects.peers.install import Missing, java_command, version
from benchmarks.subjects.peers.run import NAMES


def test_a_plain_run_measures_everything_and_forgives_a_missing_peer() -> None:
    assert subjects(arguments([])) == (list(SUBJECTS), False)


def test_peers_that_were_asked_for_must_run() -> None:
    assert subjects(arguments(["--peers"])) == (list(SUBJECTS), True)
    assert subjects(arguments(["--only", "product,dbos"])) == (["product", "dbos"], True)


def test_peers_can_be_left_out_and_are_left_out_of_a_quick_run() -> None:
    for words in (["--no-peers"], ["--quick"]):
        names, _ = subjects(arguments(words))
        assert not set(names) & set(PEERS)


def test_a_run_about_scale_measures_only_that() -> None:
    assert subjects(arguments(["--scale", "1000,2000"])) == ([], False)


def test_each_peer_has_a_pinned_version() -> None:
    assert {peer: version(peer)[0].isdigit() for peer in NAMES} == dict.fromkeys(NAMES, True)


def test_a_missing_maven_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONVERGENCE_JARS", str(tmp_path / "jars"))
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "mvn" else name)
    with pytest.raises(Missing, match=r"camunda needs mvn on the PATH"):
        java_command("camunda")


def test_idle_counts_postgresql_too() -> None:
    idle = next(target for target in TARGETS if "idle, ms" in target.name)
    assert idle.of({"idle": [{"services_ms_s": 15.0, "postgres_ms_s": 8.0, "everything_ms_s": 23.0}]}) == [23.0]


def test_the_bound_of_memory_holds_for_the_largest_run_of_all() -> None:
    bound = next(target for target in TARGETS if "service review" in target.name)
    runs = {"product": [{"review_peak_mb": 90.0}, {"review_peak_mb": 110.0}], "scale-1000": [{"review_peak_mb": 120.0}]}
    assert bound.of(runs) == [120.0]


def test_memory_of_this_process_is_counted() -> None:
    assert 10 < resident_mb([os.getpid()]) < 10_000


def test_plots_are_drawn_for_what_was_measured(tmp_path: Path) -> None:
    case = {"python_ms_case": 3.0, "postgres_ms_case": 1.0}
    pages = {f"{page}_{what}_ms": 2.0 for page in PAGES for what in ("page", "query")}
    results = {
        "product": [{"journeys_s": 400.0}, {"journeys_s": 420.0}],
        "product-lat": [{"p50_ms": 30.0, "p99_ms": 60.0}],
        "scale-1000": [{**case, **pages}],
        "scale-10000": [{**case, **pages}],
    }
    drawn = plots.draw(tmp_path / "bench-1.json", results)
    assert [path.name for path in drawn] == [f"bench-1-{name}.svg" for name in ("speed", "latency", "scale", "pages")]
    assert all(path.read_text().rstrip().endswith("</svg>") for path in drawn)
