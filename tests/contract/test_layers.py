"""The layers guard what does not exist yet: in a copy of the product, a service of tomorrow breaks each rule, and is told."""

import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("services", "shared", "convergence", "deploy", "faults", "benchmarks", "tests")

FINE = {
    "__init__": "", "__main__": "import services.tomorrow.service", "service": "import services.tomorrow.pages.list",
    "pages/__init__": "", "pages/list": "import services.tomorrow.actions.act", "api/__init__": "",
    "api/act": "import services.tomorrow.actions.act", "actions/__init__": "",
    "actions/act": "import services.tomorrow.store.rows, services.tomorrow.words, shared.casework.decide",
    "store/__init__": "", "store/rows": "import asyncpg, services.tomorrow.model.state",
    "words": "import services.tomorrow.model.state", "model/__init__": "",
    "model/state": "import msgspec, pydantic, shared.basics.ids, shared.casework.outcome, shared.reference.domains",
}  # fmt: skip
"""A service that keeps to the rules, by file and what it imports."""

ROOMS = ("service", "pages", "api", "actions", "store", "words", "model")
UPWARDS = [(lower, upper) for place, upper in enumerate(ROOMS) for lower in ROOMS[place + 1 :]] + [("pages", "api")]
FIRST = {"pages": "list", "api": "act", "actions": "act", "store": "rows", "model": "state"}
"""A module of each room."""
LIBRARIES = ("aiokafka", "asyncpg", "faststream", "httpx", "litestar", "psycopg", "uvicorn")
SHARED_ROOMS = (
    "program.service", "operations", "web", "program.running", "messaging", "casework", "database", "program.logs",
    "program.settings", "program.registry", "identity", "basics",
)  # fmt: skip


def a_file(room: str, name: str) -> str:
    """Where a room of tomorrow's service holds a module of this name."""
    return room if room in ("service", "words") else f"{room}/{name}"


def broken() -> dict[str, tuple[str, str]]:
    """What breaks a rule: what it is, and the two modules that must be named."""
    found = {
        f"{lower} imports {upper}": (f"services.tomorrow.{lower}", f"services.tomorrow.{upper}")
        for lower, upper in UPWARDS
    }
    found |= {f"a model imports {library}": ("services.tomorrow.model", library) for library in LIBRARIES}
    found["a model reaches a driver"] = ("services.tomorrow.model.reaches", "shared.casework.decide")
    found["another service"] = ("services.tomorrow", "services.review")
    for package in ("convergence", "deploy", "faults", "benchmarks", "tests"):
        found[f"a service imports {package}"] = ("services.tomorrow.store.outside", package)
    for package in ("services", "convergence", "deploy", "faults", "benchmarks", "tests"):
        found[f"shared imports {package}"] = ("shared.basics.outside", package)
    for upper, lower in pairwise(SHARED_ROOMS):
        found[f"shared {lower} imports {upper}"] = (f"shared.{lower}", f"shared.{upper}")
    found["contracts import basics"] = ("shared.contracts.upwards", "shared.basics.errors")
    found["basics import contracts"] = ("shared.basics.sidewards", "shared.contracts.event")
    found["contracts import a driver"] = ("shared.contracts.driver", "asyncpg")
    return found


BROKEN = broken()


def write(root: Path, files: dict[str, str]) -> None:
    """Add these lines to these modules."""
    for name, text in files.items():
        path = root / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write(text + "\n")


def tomorrow(root: Path) -> None:
    """A service that breaks every rule, and files that break those of what is shared."""
    inside = root / "services" / "tomorrow"
    write(inside, FINE)
    for lower, upper in UPWARDS:
        target = a_file(upper, FIRST.get(upper, "")).replace("/", ".")
        write(inside, {a_file(lower, f"up_{upper}"): f"import services.tomorrow.{target}"})
    for library in LIBRARIES:
        write(inside, {f"model/has_{library}": f"import {library}"})
    write(inside, {"model/reaches": "import shared.casework.decide", "actions/other": "import services.review.words"})
    write(inside, {"helpers": ""})
    outside = ("convergence.__main__", "deploy", "faults.plan", "benchmarks", "tests.conftest")
    write(inside, {"store/outside": "\n".join(f"import {module}" for module in outside)})
    shared = root / "shared"
    write(shared, {"basics/outside": "\n".join(f"import {module}" for module in (*outside, "services.review.words"))})
    for upper, lower in pairwise(SHARED_ROOMS):
        inner = sorted(path.stem for path in (shared / upper).glob("[a-z]*.py")) if "." not in upper else []
        target = f"shared.{upper}" + (f".{inner[0]}" if inner else "")
        name = lower.replace(".", "/") + ("" if "." in lower else "/upwards")
        write(shared, {name: f"import {target}"})
    write(
        shared,
        {"contracts/upwards": "import shared.basics.errors", "basics/sidewards": "import shared.contracts.event"},
    )
    write(shared, {"contracts/driver": "import asyncpg", "newroom/__init__": ""})


def told(root: Path) -> str:
    """What the linter says of this copy, on one line."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-logo", "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    return " ".join((done.stdout + done.stderr).split())


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("copy")
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "node_modules" not in path.parts:
                target = root / path.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    shutil.copyfile(ROOT / "pyproject.toml", root / "pyproject.toml")
    return root


@pytest.fixture(scope="module")
def objections(copy: Path) -> tuple[str, str]:
    """What the linter says beside a good service of tomorrow, then beside a bad one."""
    write(copy / "services" / "tomorrow", FINE)
    good = told(copy)
    shutil.rmtree(copy / "services" / "tomorrow")
    tomorrow(copy)
    return good, told(copy)


def test_a_service_of_tomorrow_that_keeps_to_the_rooms_is_left_alone(objections: tuple[str, str]) -> None:
    assert "Contracts:" in objections[0]
    assert "tomorrow" not in objections[0]


@pytest.mark.parametrize(("importer", "imported"), BROKEN.values(), ids=BROKEN)
def test_what_breaks_a_rule_is_told(objections: tuple[str, str], importer: str, imported: str) -> None:
    assert f"{importer} is not allowed to import {imported}" in objections[1] or any(
        part.startswith(importer) and part.partition(" -> ")[2].startswith(imported)
        for part in objections[1].split("- ")
    )


@pytest.mark.parametrize("room", ["services.tomorrow.helpers", "shared.newroom"])
def test_a_room_that_nobody_knows_is_told(objections: tuple[str, str], room: str) -> None:
    assert f"- {room}" in objections[1]
