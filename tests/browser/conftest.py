"""Fixtures of the browser tests: one site for all of them, Chromium, and people who look at it.

They end with this folder: Playwright keeps an event loop in the thread, and the next tests have their own.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.agent import LONGEST_CLICK, Agent
from tests.browser.chromium import ARGUMENTS, NoChromium, find_chromium
from tests.browser.exhibits import Exhibits
from tests.browser.shown import Shown
from tests.helpers.servers import Database, TestRun
from tests.helpers.site import RunningSite, fresh_site
from tests.journey.people import People, import_catalogue

Enter = Callable[..., Agent]
Look = Callable[[Shown], Agent]


@pytest.fixture(scope="package")
def site(
    run: TestRun,
    kafka_server: str,
    create_database: Callable[[str], Database],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningSite]:
    """The services, ready, with the example catalogue."""
    with fresh_site(run, kafka_server, create_database, tmp_path_factory.mktemp("site")) as running:
        people = People(running)
        import_catalogue(running, people)
        people.close()
        yield running


@pytest.fixture(scope="package")
def people(site: RunningSite) -> Iterator[People]:
    """The same people over the API, for what a test only needs to be there."""
    people = People(site)
    yield people
    people.close()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A browser without windows."""
    try:
        program = find_chromium()
    except NoChromium as reason:
        pytest.fail(str(reason), pytrace=False)
    expect.set_options(timeout=LONGEST_CLICK)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def enter(site: RunningSite, chromium: Browser) -> Iterator[Enter]:
    """`enter(account, scripts=True)`: somebody signs in on a browser of their own, closed with the test."""
    contexts = []

    def sign_in(account: str, *, scripts: bool = True) -> Agent:
        context = chromium.new_context(locale="fr-FR", java_script_enabled=scripts)
        contexts.append(context)
        agent = Agent(site, context, account)
        agent.sign_in()
        return agent

    yield sign_in
    for context in contexts:
        context.close()


@pytest.fixture(scope="package")
def exhibits(site: RunningSite, people: People) -> dict[str, str]:
    """A case at every stage."""
    return Exhibits(site, people).make()


@pytest.fixture(scope="module")
def look(site: RunningSite, chromium: Browser, exhibits: dict[str, str]) -> Iterator[Look]:
    """`look(shown)`: whoever the page is for, signed in once, opens it."""
    agents: dict[str, Agent] = {}

    def open_page(shown: Shown) -> Agent:
        if shown.account not in agents:
            # Without motion: a colour that is on its way to another has no contrast of its own.
            context = chromium.new_context(locale="fr-FR", reduced_motion="reduce")
            agents[shown.account] = Agent(site, context, shown.account)
            agents[shown.account].sign_in()
        agent = agents[shown.account]
        assert agent.open(shown.service, shown.path.format(**exhibits)) == shown.status
        return agent

    yield open_page
    for agent in agents.values():
        agent.page.context.close()
