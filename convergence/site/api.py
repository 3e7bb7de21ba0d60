"""The public HTTP APIs of a site. A service that is away is waited for; sending a command again is safe."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

import httpx

from convergence.screen.failure import Failure
from convergence.site.addresses import NAMES, Site
from shared.program.registry import HOME, api_of

T = TypeVar("T")
_AWAY: Final = frozenset({429, 502, 503, 504})
"""Statuses on which the call is tried again."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0


class Away(Failure):
    """A service did not answer within the patience of the call."""

    def __init__(self, service: str, reason: str) -> None:
        self.service = service
        self.reason = reason
        super().__init__(f"Le service « {NAMES[service]} » ne répond pas : {reason}.")


class Refused(Failure):
    """A service said no. `slug` for programs, `detail` and `errors` (field, message) in French for people."""

    def __init__(self, service: str, status: int, problem: Mapping[str, Any]) -> None:
        self.service = service
        self.status = status
        self.slug = str(problem.get("slug", ""))
        self.detail = str(problem.get("detail") or f"erreur HTTP {status}")
        self.errors = [(str(e["field"]), str(e["message"])) for e in problem.get("errors", ())]
        fields = "".join(f"\n  {field} : {message}" for field, message in self.errors)
        super().__init__(f"Le service « {NAMES[service]} » a refusé ({status}). {self.detail}{fields}")


class Api:
    """Calls under one account or another. `patience`: seconds that one call waits for a service that is away."""

    def __init__(self, site: Site, http: httpx.AsyncClient, patience: float, tell: Callable[[str], None]) -> None:
        self.site = site
        self._http = http
        self._patience = patience
        self._tell = tell
        self._away: set[str] = set()
        self._tokens: dict[str, str] = {}
        self._signing_in: dict[str, asyncio.Lock] = {}

    async def get(self, service: str, path: str, account: str, **params: Any) -> Any:
        """What stands at this path below the API of the service; raises `Refused`, `Away`."""
        return await self.call("GET", service, path, account, params=params)

    async def post(self, service: str, path: str, account: str, body: Any = None, *, key: str | None = None) -> Any:
        """The answer to a command; `key` is its idempotency key."""
        return await self.call("POST", service, path, account, body=body, key=key)

    async def put(self, service: str, path: str, account: str, body: Any) -> Any:
        """The answer to a command that replaces what was there."""
        return await self.call("PUT", service, path, account, body=body)

    async def call(
        self,
        method: str,
        service: str,
        path: str,
        account: str,
        *,
        body: Any = None,
        key: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Any:
        """One call, sent again until the service answers."""
        headers = {"Authorization": f"Bearer {await self._token(account)}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        asked = {name: value for name, value in (params or {}).items() if value is not None}
        return await self._send(method, service, path, headers=headers, params=asked, json=body)

    async def _token(self, account: str) -> str:
        """The home service signs people in, for all services."""
        if self.site.token is not None:
            return self.site.token
        async with self._signing_in.setdefault(account, asyncio.Lock()):
            if account not in self._tokens:
                self._tokens[account] = await self._sign_in(account)
            return self._tokens[account]

    async def _sign_in(self, account: str) -> str:
        opened = await self._send("POST", HOME, "/sessions", json={"account": account})
        return str(opened["token"])

    async def _send(self, method: str, service: str, path: str, **request: Any) -> Any:
        deadline, pause = time.monotonic() + self._patience, _FIRST_PAUSE
        while True:
            try:
                answer = await self._once(method, service, path, **request)
            except Away as away:
                if time.monotonic() > deadline:
                    raise
                self._said_away(away)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                if service in self._away:
                    self._away.discard(service)
                    self._tell(f"Le service « {NAMES[service]} » répond de nouveau.")
                return answer

    async def _once(self, method: str, service: str, path: str, **request: Any) -> Any:
        try:
            response = await self._http.request(method, self.site.urls[service] + api_of(service) + path, **request)
        except httpx.TransportError as error:
            raise Away(service, _words(error)) from error
        if response.status_code in _AWAY:
            raise Away(service, f"il répond {response.status_code}")
        if response.is_success:
            return response.json()
        raise Refused(service, response.status_code, _problem(response))

    def _said_away(self, away: Away) -> None:
        if away.service not in self._away:
            self._away.add(away.service)
            self._tell(f"{away} J’attends son retour, {self._patience / 60:.0f} min au plus.")


@asynccontextmanager
async def apis_of(
    site: Site, *, patience: float = 0.0, tell: Callable[[str], None] = lambda _: None
) -> AsyncIterator[Api]:
    """The APIs of a site, closed at the end of the block."""
    timeout = httpx.Timeout(20.0, connect=5.0)
    async with httpx.AsyncClient(timeout=timeout, trust_env=not site.is_local) as http:
        yield Api(site, http, patience, tell)


async def until(look: Callable[[], Awaitable[T | None]], what: str, patience: float) -> T:
    """Poll until `look` answers something; raises `Failure` naming `what` after `patience` seconds."""
    deadline, pause = time.monotonic() + patience, 0.02
    while True:
        found = await look()
        if found is not None:
            return found
        if time.monotonic() > deadline:
            raise Failure(f"{what} : rien après {patience:.0f} s.")
        await asyncio.sleep(pause)
        pause = min(1.5 * pause, 0.5)


def _words(error: httpx.TransportError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "il met trop de temps"
    if isinstance(error, httpx.ConnectError):
        return "rien n’écoute à son adresse"
    return "la connexion s’est coupée"


def _problem(response: httpx.Response) -> Mapping[str, Any]:
    try:
        problem = response.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}
