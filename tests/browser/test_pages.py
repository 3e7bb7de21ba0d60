"""Every page of the site is accessible, fits a phone, and is written in correct French."""

import re

import pytest

from tests.browser.agent import Agent
from tests.browser.axe import stumbles
from tests.browser.conftest import Look
from tests.browser.shown import PAGES, Shown

BREAKABLE = re.compile(r"[^\s:][ \u00a0](?:[;!?»%]|:(?!\w)|€)|« |\d (?=\d{3}\b)|\d h \d\d|\b1 (?:janvier|décembre)")
"""A plain space where French wants a narrow or a fixed one; "1 décembre" where it says "1er"."""


@pytest.fixture(scope="module", params=PAGES, ids=str)
def agent(request: pytest.FixtureRequest, look: Look) -> Agent:
    """Somebody with the page open."""
    shown: Shown = request.param
    return look(shown)


def test_it_is_accessible_in_light_and_dark(agent: Agent) -> None:
    agent.page.set_viewport_size({"width": 1280, "height": 900})
    assert stumbles(agent.page, "light") == []
    assert stumbles(agent.page, "dark") == []


def test_it_fits_a_phone(agent: Agent) -> None:
    agent.page.set_viewport_size({"width": 360, "height": 740})
    wider = agent.page.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.scroll, nav, .hidden'))
            .map(one => one.outerHTML.slice(0, 120)).slice(0, 5)"""
    )
    assert agent.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), wider


def test_it_is_written_in_french(agent: Agent) -> None:
    assert agent.page.locator("html").get_attribute("lang") == "fr"
    assert agent.page.title().endswith("– Convergence")
    assert agent.page.locator("h1").count() == 1
    text = agent.page.evaluate(
        """() => { const said = document.body.cloneNode(true);
            said.querySelectorAll('textarea, pre, code, script').forEach(one => one.remove());
            return [...said.querySelectorAll('*')].flatMap(one => [...one.childNodes])
                .filter(one => one.nodeType === 3).map(one => one.textContent.trim()).filter(Boolean) }"""
    )
    assert [line for line in text if BREAKABLE.search(line)] == []
