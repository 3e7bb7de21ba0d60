"""What the steps of one case share: the APIs, the script, the count of commands, and how long to wait for events."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from convergence.scenario.cast import AUDITOR
from convergence.site.api import Api, Refused, until
from shared.reference.demo_data import DemoLine

_WORRY: Final = 10.0
"""Seconds after which the person is told what is waited for."""


@dataclass
class Stage:
    """One case being played. `acts` counts the commands that were sent; `tell` gets sentences for the person."""

    api: Api
    line: DemoLine
    case_id: str
    patience: float
    tell: Callable[[str], None]
    worries: set[str]
    """What the person was told to wait for: shared by all cases, so that each thing is said once."""
    acts: int = 0

    async def act(
        self, service: str, path: str, account: str, body: Any = None, *, method: str = "POST"
    ) -> Mapping[str, Any]:
        """Send a command, again if its answer was lost: all of them are idempotent."""
        self.acts += 1
        answer: Mapping[str, Any] = await self.api.call(method, service, path, account, body=body)
        return answer

    async def comes(
        self,
        what: str,
        service: str,
        path: str,
        *,
        account: str = AUDITOR,
        when: Callable[[Mapping[str, Any]], Any] = lambda _: True,
    ) -> Mapping[str, Any]:
        """Poll this path until it answers as wanted; raises `Failure`."""
        begun = time.monotonic()

        async def look() -> Mapping[str, Any] | None:
            try:
                found: Mapping[str, Any] = await self.api.get(service, path, account)
            except Refused as refused:
                if refused.status != 404:
                    raise
                found = {}
            if found and when(found):
                return found
            if time.monotonic() - begun > _WORRY and what not in self.worries:
                self.worries.add(what)
                self.tell(
                    f"J’attends {what} ({self.line.reference} et suivantes), {self.patience / 60:.0f} min au plus."
                )
            return None

        return await until(look, f"{what} n’arrive pas", self.patience)
