"""A running service, as its handlers and its actions use it."""

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
    """A running service.

    `pool` serves the queries of pages and API, `case_pool` the reads and writes of cases; `own` is what
    `Service.own` made for this process.
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
        """Take a decision in this person's scope; returns its result once it is on disk, raises its refusal or `Unavailable`."""
        return await self.desk.run(Work(case_id, person.scope, decision, now))

    def close(self) -> None:
        """Close the pools, once nothing is in progress."""
        self.pool.terminate()
        self.case_pool.terminate()


def running_of(request: Any) -> "Running[Any]":
    """The service that a request was sent to; handlers get it here and nowhere else."""
    return cast("Running[Any]", request.app.state.running)
