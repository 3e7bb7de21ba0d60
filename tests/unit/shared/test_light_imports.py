"""What models import loads no driver, no broker and no web framework: seen in a fresh interpreter."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HEAVY = {"aiokafka", "asyncpg", "faststream", "httpx", "jinja2", "litestar", "psycopg", "uvicorn"}
LIGHT = (
    "shared.basics.calendar",
    "shared.basics.correlation",
    "shared.basics.errors",
    "shared.basics.french",
    "shared.basics.ids",
    "shared.casework.outcome",
    "shared.casework.trail",
    "shared.contracts.catalogue",
    "shared.contracts.envelope",
    "shared.identity.person",
    "shared.reference.demo_data",
    "shared.reference.directory",
    "shared.reference.domains",
)


def loaded_with(module: str) -> set[str]:
    """The heavy libraries that come with a module."""
    code = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return HEAVY & set(done.stdout.split())


@pytest.mark.parametrize("module", LIGHT)
def test_it_loads_none_of_them(module: str) -> None:
    assert loaded_with(module) == set()


def test_the_look_can_find_one() -> None:
    assert loaded_with("shared.database.postgres") >= {"asyncpg"}
