"""A machine without Chromium is told what to do: these tests fail there, none is skipped."""

import pytest

from tests.browser.chromium import NoChromium, find_chromium


def test_a_missing_chromium_is_said_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoChromium, match=r"\.ci/run"):
        find_chromium()
