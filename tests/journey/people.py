"""People at work on a site, over HTTP and with nothing but what the API documents."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import httpx

from convergence.files.catalogue_file import read_catalogue
from shared.program.registry import HOME, api_of
from shared.reference.demo_data import CATALOGUE
from tests.helpers.site import RunningSite
from tests.journey.commands import convergence

PATIENCE = 60.0
View = Mapping[str, Any]


class Addresses(Protocol):
    """What people must know of a system."""

    def url(self, service: str) -> str:
        """Public base URL of a service, without a slash at its end."""


class People:
    """Signed in one by one, each known by the slug of a demo account."""

    def __init__(self, site: Addresses) -> None:
        self._site = site
        self._http = httpx.Client(timeout=20.0)
        self._tokens: dict[str, str] = {}

    def close(self) -> None:
        self._http.close()

    def get(self, who: str, service: str, path: str) -> View:
        answer = self.ask(who, "GET", service, path)
        assert answer.status_code == 200, answer.text
        view: View = answer.json()
        return view

    def do(self, who: str, service: str, path: str, body: Any = None, *, method: str = "POST", key: str = "") -> View:
        """A command that must be accepted."""
        answer = self.ask(who, method, service, path, body, key)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        view: View = answer.json()
        return view

    def ask(self, who: str, method: str, service: str, path: str, body: Any = None, key: str = "") -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token(who)}"} | ({"Idempotency-Key": key} if key else {})
        return self._http.request(method, self._site.url(service) + path, json=body, headers=headers)

    def see(
        self,
        who: str,
        service: str,
        path: str,
        when: Callable[[View], Any] = lambda _: True,
        patience: float = PATIENCE,
    ) -> View:
        """Look until it is there and as it should be: events are on their way."""
        deadline = time.monotonic() + patience
        while True:
            answer = self.ask(who, "GET", service, path)
            if answer.status_code == 200 and when(answer.json()):
                view: View = answer.json()
                return view
            assert time.monotonic() < deadline, f"{path} is not as expected after {patience} s: {answer.text}"
            time.sleep(0.03)

    def _token(self, who: str) -> str:
        if who not in self._tokens:
            opened = self._http.post(self._site.url(HOME) + f"{api_of(HOME)}/sessions", json={"account": who})
            self._tokens[who] = opened.json()["token"]
        return self._tokens[who]


def import_catalogue(site: RunningSite, people: People) -> None:
    """The example catalogue, as far as the service of the requests: all of it can be looked up there."""
    done, entries = convergence(site, "catalogue", "import", str(CATALOGUE)), read_catalogue(CATALOGUE).entries
    assert done.code == 0, done.err
    people.see(
        "auditor", "request", "/demandes/api/catalogue?limit=200", lambda page: len(page["entries"]) == len(entries)
    )
