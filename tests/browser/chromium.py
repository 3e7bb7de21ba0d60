"""The Chromium of this machine, driven by Playwright; Playwright's own downloads are not needed."""

import shutil
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoChromium(Exception):
    """Nothing to look at pages with."""


def find_chromium() -> str:
    """Its path; raises `NoChromium`."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise NoChromium("The browser tests need Chromium: `.ci/run` installs it, or install the package `chromium`.")
