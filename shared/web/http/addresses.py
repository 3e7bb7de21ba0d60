"""Kinds of addresses; each service answers below its own path, see `shared.program.registry`."""

from pathlib import Path

STATIC = Path(__file__).parents[1] / "pages" / "static"
"""The folder of the files that never change."""


def is_api(path: str) -> bool:
    """Whether this address is for programs: `/demandes/api/…`, `/health/…`, `/demandes/openapi.json`."""
    return path.split("/", 3)[2:3] == ["api"] or path.startswith("/health/") or path.endswith("api.json")


def is_static(path: str) -> bool:
    """Whether this is a static file: `/demandes/static/<version>/…`."""
    return path.split("/", 3)[2:3] == ["static"]
