"""One person at one browser: what they can do on any page, in their own words."""

import re
import time
from collections.abc import Callable
from typing import Final

from playwright.sync_api import BrowserContext, Locator, Page, expect

from shared.identity.demo import DEMO_ACCOUNTS, ESTABLISHMENTS
from tests.helpers.site import RunningSite

PATIENCE: Final = 60.0
"""Seconds to wait for what events bring."""
LONGEST_CLICK: Final = 20_000
"""Milliseconds that a page may take on a machine that is busy with the rest of the suite."""


class Agent:
    """Signed in with a demo account, on a browser of their own."""

    def __init__(self, site: RunningSite, context: BrowserContext, account: str) -> None:
        self.account, self.known = account, DEMO_ACCOUNTS[account].person
        self._site = site
        context.set_default_timeout(LONGEST_CLICK)
        self.page: Page = context.new_page()

    def sign_in(self) -> None:
        """Choose the account on the sign-in page."""
        self.open("request", "/connexion")
        where = ESTABLISHMENTS[self.known.establishment]
        self.page.locator("button.account", has_text=self.known.title).filter(has_text=where).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Bonjour")

    def open(self, service: str, path: str) -> int:
        """Go there; the status of the answer."""
        answer = self.page.goto(self._site.url(service) + path)
        assert answer is not None
        return answer.status

    def follows(self, name: str) -> None:
        """Click on a link by its words."""
        self.page.get_by_role("link", name=_words(name), exact=True).first.click()

    def presses(self, name: str) -> None:
        """Click on a button by its words."""
        self.page.get_by_role("button", name=_words(name), exact=True).click()

    def fills(self, **fields: str) -> None:
        """Type into fields by their names."""
        for name, text in fields.items():
            self.page.locator(f"#f-{name}").fill(text)

    def chooses(self, label: str) -> None:
        """Pick an option of a group of choices by its words."""
        self.page.locator(".choice label", has_text=_beginning(label)).click()

    def reads(self, text: str) -> None:
        """The page says so, narrow spaces or not."""
        expect(self.page.locator("main")).to_contain_text(_spaced(text))

    def awaits(self, service: str, path: str, text: str) -> None:
        """Come back to a page until it says so."""
        self.until(lambda: self.open(service, path) == 200 and bool(_spaced(text).search(self.main())), text)

    def until(self, seen: Callable[[], bool], what: str) -> None:
        """Look again until it is there."""
        deadline = time.monotonic() + PATIENCE
        while not seen():
            assert time.monotonic() < deadline, f"{self.page.url} never showed « {what} »:\n{self.main()}"
            self.page.wait_for_timeout(100)

    def main(self) -> str:
        """What the page says, without its frame."""
        return self.page.locator("main").inner_text()

    def path(self) -> str:
        """The address after the host."""
        return re.sub(r"^https?://[^/]+", "", self.page.url)

    def part(self, selector: str, text: str) -> Locator:
        """The piece of a page that says this."""
        return self.page.locator(selector, has_text=_spaced(text))


def _spaced(text: str) -> re.Pattern[str]:
    """Any space where the sentence has one: which of them is narrow has a test of its own."""
    return re.compile(r"\s+".join(re.escape(word) for word in text.split()), re.IGNORECASE)


def _beginning(text: str) -> re.Pattern[str]:
    return re.compile(r"^\s*" + _spaced(text).pattern, re.IGNORECASE)


def _words(text: str) -> str:
    return text
