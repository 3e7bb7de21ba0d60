"""A service at work, as its handlers and its actions find it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from uuid import UUID

from shared.casework.decide import Work
from shared.casework.desk import Desk
from shared.casework.outcome import Outcome
from shared.database.postgres import Pool
from shared.identity.person import Person
from shared.program.settings import ServiceSettings

if TYPE_CHECKING:
    from shared.messaging.consumer import Consumer
    from shared.messaging.inbox import Inbox
    from shared.messaging.relay import Relay
    from shared.program.service import Service

S = TypeVar("S")


@dataclass
class Running(Generic[S]):
    """A service at work.

    `pool` is for what pages and the API read, `case_pool` for the cases' own reads and writes; `own` is what the
    service's own `Service.own` made for this process.
    """

    service: "Service[S]"
    settings: ServiceSettings
    pool: Pool
    case_pool: Pool
    desk: Desk[S]
    relay: "Relay"
    inbox: "Inbox[S]"
    consumer: "Consumer"
    own: Any = None

    async def decide(self, person: Person, case_id: UUID, decision: Callable[[S], Outcome[S]], now: datetime) -> Any:
        """Take a decision in this person's scope: its result, once it is on disk; raises its refusal or `Unavailable`."""
        return await self.desk.run(Work(case_id, person.scope, decision, now))

    def close(self) -> None:
        """Let go of the database; nothing is under way any more."""
        self.pool.terminate()
        self.case_pool.terminate()


def running_of(request: Any) -> "Running[Any]":
    """The service behind a request: the one way from a handler to it."""
    return cast("Running[Any]", request.app.state.running)
