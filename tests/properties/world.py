"""The three models with a bus and a clock between them: commands are performed, events delivered, deadlines swept.

Each state is kept as its store would keep it; each decision joins the chained trail. What was accepted from whom stands
in `accepted`, so that promises are checked against it and not against what the models remember.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.purchasing.actions.on_events import CASEWORK as PURCHASING
from services.purchasing.actions.pass_deadline import decide as deadline_passed
from services.purchasing.model.market import Market
from services.purchasing.model.purchase import PurchaseFile
from services.request.actions.on_events import CASEWORK as REQUEST
from services.request.actions.pass_deadline import decide as request_deadline
from services.review.actions.on_events import CASEWORK as REVIEW
from services.review.actions.pass_deadline import decide as review_late
from shared.basics.errors import Refusal
from shared.casework.outcome import Outcome
from shared.casework.trail import GENESIS, Link, TrailEntry, chain, verify
from shared.contracts.vocabulary import Verdict
from shared.identity.person import Person
from shared.program.registry import SERVICES
from tests.properties.bus import Bus, Lane
from tests.properties.keeping import KEPT, written
from tests.properties.market import MARKET, MONDAY

CASEWORK: dict[str, Any] = {"request": REQUEST, "review": REVIEW, "purchasing": PURCHASING}
ON_DEADLINE: dict[str, Callable[[Any, datetime], Outcome[Any]]] = {
    "request": request_deadline,
    "review": review_late,
    "purchasing": deadline_passed,
}


@dataclass(frozen=True, slots=True)
class Command:
    """What a person asks of one service about one case."""

    service: str
    name: str
    case_id: UUID
    person: Person
    decide: Callable[[Any, datetime], Outcome[Any]]
    about: Any = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A command that was answered with success: the state that it met, and what came of it."""

    command: Command
    before: Any
    outcome: Outcome[Any]


@dataclass
class World:
    """Everything there is."""

    now: datetime = MONDAY
    bus: Bus = field(default_factory=Bus)
    market: Market = MARKET
    states: dict[tuple[str, UUID], Any] = field(default_factory=dict)
    inbox: set[tuple[str, UUID]] = field(default_factory=set)
    trail: dict[tuple[str, UUID], list[Link]] = field(default_factory=lambda: defaultdict(list))
    verdicts: dict[UUID, Verdict] = field(default_factory=dict)
    """The last verdict that reached purchasing, by case."""

    def state(self, service: str, case_id: UUID) -> Any:
        """What a service knows of a case."""
        nothing = PurchaseFile(None, self.market) if service == "purchasing" else None
        return self.states.get((service, case_id), nothing)

    def cases(self) -> list[UUID]:
        """Every case that a requester wrote."""
        return [case_id for service, case_id in self.states if service == "request"]

    def perform(self, command: Command) -> Accepted | Refusal:
        """Take a command; refused it changes nothing, accepted it may come again and changes nothing more."""
        before = self.state(command.service, command.case_id)
        looks = written(before)
        answer = _tried(command, before, self.now)
        assert written(before) == looks, f"{command.name} changed a state in place"
        if isinstance(answer, Refusal):
            assert 400 <= answer.status < 500
            assert answer.public.strip()
            return answer
        outcome = answer
        self._keep(command.service, command.case_id, outcome)
        kept = self.state(command.service, command.case_id)
        again = command.decide(KEPT[command.service](kept), self.now)
        assert not again.events, f"{command.name} a second time told {again.events}"
        assert not again.trail, f"{command.name} a second time was kept in the trail"
        assert written(KEPT[command.service](again.state)) == written(kept), f"{command.name} is not idempotent"
        return Accepted(command, before, outcome)

    def deliver(self, lane: Lane) -> None:
        """The next event of a lane takes effect, once; a service never refuses what another said in order."""
        delivery = self.bus.next(lane)
        event = delivery.event
        decide = CASEWORK[lane.consumer].get(type(event))
        if decide is None or (lane.consumer, delivery.event_id) in self.inbox:
            return
        self.inbox.add((lane.consumer, delivery.event_id))
        outcome = decide(self.state(lane.consumer, event.case_id), event, self.now)
        if lane.consumer == "purchasing" and hasattr(event, "verdict"):
            self.verdicts[event.case_id] = event.verdict
        assert outcome.trail or not outcome.events, f"{type(event).__name__} told something that no trail explains"
        self._keep(lane.consumer, event.case_id, outcome)

    def settle(self) -> None:
        """Deliver everything that waits, and what follows from it."""
        while lanes := self.bus.lanes():
            for lane in lanes:
                self.deliver(lane)

    def sweep(self) -> None:
        """Act on the deadlines that have passed, once each."""
        for service in SERVICES:
            for case_id in [c for s, c in self.states if s == service]:
                outcome = ON_DEADLINE[service](self.state(service, case_id), self.now)
                assert outcome.trail or not outcome.events
                self._keep(service, case_id, outcome)
                again = ON_DEADLINE[service](self.state(service, case_id), self.now)
                assert not again.events, "a deadline was told twice"
                assert not again.trail

    def wait(self, hours: int) -> None:
        """Time passes."""
        self.now += timedelta(hours=hours)

    def decisions(self, service: str, case_id: UUID) -> list[Link]:
        """The trail of a case; its chain is whole."""
        entries = self.trail[service, case_id]
        head = entries[-1].hash if entries else GENESIS
        assert verify(case_id, head, len(entries), entries) is None
        return entries

    def _keep(self, service: str, case_id: UUID, outcome: Outcome[Any]) -> None:
        if outcome.state is None:
            return
        self.states[service, case_id] = KEPT[service](outcome.state)
        self._record(service, case_id, outcome.trail)
        for event in outcome.events:
            assert event.case_id == case_id
            self.bus.say(service, event, self.now)

    def _record(self, service: str, case_id: UUID, decisions: tuple[TrailEntry, ...]) -> None:
        entries = self.trail[service, case_id]
        last = entries[-1].hash if entries else GENESIS
        entries += chain(last, len(entries), case_id, self.now, decisions)


def _tried(command: Command, state: Any, now: datetime) -> Outcome[Any] | Refusal:
    try:
        return command.decide(state, now)
    except Refusal as refusal:
        return refusal
