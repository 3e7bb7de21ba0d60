"""People at their screens: they send a command, and send the same one again until somebody answers them."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from faults.http import Answer, Http, NoAnswer
from faults.ledger import Ledger
from shared.program.registry import HOME, api_of

NOT_NOW = frozenset({429, 500, 502, 503, 504})
"""Statuses that do not say whether the command took effect: it is sent again."""
ONE_TRY = 6.0
"""Seconds until somebody gives up on one try."""


FIRST_LOOK = 0.3
"""Seconds before the first poll: polling loads the machine that runs everything."""


class GaveUp(Exception):
    """Nobody answered until the end of the run."""


class Refused(Exception):
    """A service said no to a command."""

    def __init__(self, status: int, slug: str) -> None:
        self.status = status
        self.slug = slug
        super().__init__(f"{status} {slug}")


@dataclass
class People:
    """What the people of one run share. `addresses` gives the processes of a service that answer at this moment."""

    http: Http
    ledger: Ledger
    addresses: Callable[[str], Sequence[str]]
    random: Random
    until: float = float("inf")
    """Monotonic time at which everybody gives up."""
    in_flight: int = 0
    """Commands that wait for their answer."""
    sent: int = 0
    sent_again: int = 0
    tokens: dict[str, str] = field(default_factory=dict)

    async def sign_in(self, accounts: Sequence[str]) -> None:
        """Get a token for each account."""
        for account in accounts:
            answer = await self.http.ask(
                "POST", self.addresses(HOME)[0], f"{api_of(HOME)}/sessions", {"account": account}
            )
            self.tokens[account] = answer.json()["token"]

    async def command(
        self,
        act: str,
        case: str,
        of: str,
        where: tuple[str, str, str],
        account: str,
        body: Mapping[str, Any] | None = None,
        *,
        key: str | None = None,
    ) -> dict[str, Any]:
        """The answer to a command. `where`: method, service, path below its API. Raises `Refused`, or `GaveUp` at the end."""
        said = {**(body or {}), "by": account} | ({"key": key} if key else {})
        self.ledger.write("asked", act, case, of, said)
        self.in_flight += 1
        tries, pause = 0, 0.05
        try:
            while True:
                tries += 1
                self.sent += 1
                self.sent_again += tries > 1
                answer = await self._once(where, account, body, key)
                if answer is not None and answer.status not in NOT_NOW:
                    break
                if time.monotonic() > self.until:
                    self.ledger.write("unanswered", act, case, of, said, tries=tries)
                    raise GaveUp(f"{act} {case} {of}")
                await asyncio.sleep(pause * self.random.uniform(0.5, 1.5))
                pause = min(pause * 2, 2.0)
        finally:
            self.in_flight -= 1
        heard: dict[str, Any] = answer.json()
        if answer.is_success:
            self.ledger.write(
                "told", act, heard.get("case_id", case) if act == "submit" else case, of, said, heard, tries
            )
            return heard
        slug = str(heard.get("slug", ""))
        self.ledger.write("refused", act, case, of, said, {"status": answer.status, "slug": slug}, tries)
        raise Refused(answer.status, slug)

    async def comes(
        self, service: str, path: str, account: str, when: Callable[[dict[str, Any]], Any] = lambda _: True
    ) -> dict[str, Any]:
        """What stands at this path below the API once it is as expected; raises `GaveUp` at the end."""
        pause = FIRST_LOOK
        while True:
            await asyncio.sleep(pause * self.random.uniform(0.5, 1.5))
            answer = await self._once(("GET", service, path), account, None, None)
            if answer is not None and answer.is_success:
                found: dict[str, Any] = answer.json()
                if when(found):
                    return found
            if time.monotonic() > self.until:
                raise GaveUp(f"{service} {path}: {answer.body[:200] if answer else None!r}")
            pause = min(pause * 1.6, 2.0)

    async def _once(
        self, where: tuple[str, str, str], account: str, body: Mapping[str, Any] | None, key: str | None
    ) -> Answer | None:
        """One try; none where no answer arrived."""
        method, service, path = where
        headers = {"Authorization": f"Bearer {self.tokens[account]}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        try:
            return await self.http.ask(
                method, self.random.choice(self.addresses(service)), api_of(service) + path, body, headers, ONE_TRY
            )
        except NoAnswer:
            return None
