"""Commands in any order from anybody, deliveries in any interleaving: the promises hold after every step.

In seconds here, always the same; `--hypothesis-profile=long` looks further and elsewhere each time.
"""

from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.purchasing.actions.answer_census import AnswerCensus
from services.purchasing.actions.qualify_purchase import QualifyPurchase
from services.request.model.form import RequestForm
from services.review.actions.give_opinion import GiveOpinion
from services.review.actions.overrule_verdict import OverruleVerdict
from services.review.model.check_kinds import ROLES
from shared.contracts.vocabulary import CheckKind
from shared.identity.person import Person, Role
from shared.program.registry import SERVICES
from tests.properties import commands, given
from tests.properties.agreement import follow_up_agrees
from tests.properties.people import PEOPLE, fit_for, mostly, one_with
from tests.properties.promises import case_holds, is_kept, routes_are_deserved, swept_clean, was_allowed
from tests.properties.world import Accepted, Command, World

PLACES = st.integers(0, 2)
KINDS = st.sampled_from(CheckKind)
REQUESTERS = mostly(Role.REQUESTER)
BUYERS = st.sampled_from(("buyer", "buyer", "buyer", "buyer", "buyer-2", "buyer-roanne", "auditor"))
NIGHT, WEEK, QUARTER = 14, 24 * 7, 24 * 90
LONGEST_HOURS = 24 * 400


class Convergence(RuleBasedStateMachine):
    """People, three services, the topics between them, and the time that passes."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.hours = 0

    @initialize(
        people=st.lists(one_with(Role.REQUESTER), min_size=2, max_size=2),
        form=given.forms("Planning"),
        agreed=st.integers(0, 2),
        rest=given.favourable(),
    )
    def begin(self, people: list[str], form: RequestForm, agreed: int, rest: GiveOpinion) -> None:
        """Two requests are under way, so that there is something to do; they may have come as far as the buyer."""
        for place, person in enumerate(people):
            self.perform(commands.write(UUID(int=place + 1), PEOPLE[person], form, submit=True))
        self.world.settle()
        for place in range(agreed):
            self.give_every_opinion(place, rest, rest)
        self.world.settle()

    @rule(place=PLACES, person=REQUESTERS, form=given.forms("Planning", "Planning", ""), submit=st.booleans())
    def write(self, place: int, person: str, form: RequestForm, submit: bool) -> None:
        """The same place again is a retry, or another content under the same key."""
        self.perform(commands.write(UUID(int=place + 1), PEOPLE[person], form, submit))

    @rule(place=PLACES, person=REQUESTERS, form=given.forms("Planning", "Agenda"))
    def edit(self, place: int, person: str, form: RequestForm) -> None:
        self.perform_on(place, lambda case: commands.edit(case, PEOPLE[person], form))

    @rule(place=PLACES, person=REQUESTERS, himself=st.booleans())
    def submit(self, place: int, person: str, himself: bool) -> None:
        self.perform_on(place, lambda case: commands.submit(case, self.author(case) if himself else PEOPLE[person]))

    @rule(place=PLACES, person=REQUESTERS, himself=st.booleans(), really=st.integers(0, 5))
    def withdraw(self, place: int, person: str, himself: bool, really: int) -> None:
        """Rarely: nothing more happens to a case afterwards."""
        if not really:
            self.perform_on(
                place, lambda case: commands.withdraw(case, self.author(case) if himself else PEOPLE[person])
            )

    @rule(place=PLACES, person=REQUESTERS, himself=st.booleans(), text=st.sampled_from(("Douze salles.", "Aucune.")))
    def answer(self, place: int, person: str, himself: bool, text: str) -> None:
        """Every question that the requester sees."""
        for case in self.at(place):
            for question in self.world.state("request", case).follow_up.questions:
                who = self.author(case) if himself else PEOPLE[person]
                self.perform(commands.answer(case, who, question.question_id, text))

    @rule(place=PLACES, kind=KINDS, for_all=st.booleans(), data=st.data())
    def take(self, place: int, kind: CheckKind, for_all: bool, data: st.DataObject) -> None:
        """For themselves, or standing in for everybody."""
        person = data.draw(mostly(ROLES[kind]))
        standing_in = frozenset(PEOPLE) if for_all else frozenset()
        self.perform_on(place, lambda case: commands.take(case, PEOPLE[person], kind, standing_in))

    @rule(place=PLACES, kind=KINDS, data=st.data())
    def release(self, place: int, kind: CheckKind, data: st.DataObject) -> None:
        person = data.draw(mostly(ROLES[kind], Role.COORDINATOR))
        self.perform_on(place, lambda case: commands.release(case, PEOPLE[person], kind))

    @rule(place=PLACES, kind=KINDS, data=st.data())
    def answer_items(self, place: int, kind: CheckKind, data: st.DataObject) -> None:
        person, answers = data.draw(mostly(ROLES[kind])), data.draw(given.answers(kind))
        self.perform_on(place, lambda case: commands.items(case, PEOPLE[person], kind, answers))

    @rule(place=PLACES, kind=KINDS, text=st.sampled_from(("Combien de salles ?", "Quels appareils ?")), data=st.data())
    def ask(self, place: int, kind: CheckKind, text: str, data: st.DataObject) -> None:
        person = data.draw(mostly(ROLES[kind]))
        self.perform_on(place, lambda case: commands.ask(case, PEOPLE[person], kind, text))

    @rule(place=PLACES, kind=KINDS, opinion=given.opinions(), data=st.data())
    def give_opinion(self, place: int, kind: CheckKind, opinion: GiveOpinion, data: st.DataObject) -> None:
        person = data.draw(mostly(ROLES[kind]))
        self.perform_on(place, lambda case: commands.opinion(case, PEOPLE[person], kind, opinion))

    @rule(place=PLACES, first=given.opinions(), rest=given.favourable())
    def give_every_opinion(self, place: int, first: GiveOpinion, rest: GiveOpinion) -> None:
        """What takes a case far enough for purchasing."""
        for case in self.at(place):
            review = self.world.state("review", case)
            for n, check in enumerate(review.checks if review else ()):
                reviewer = fit_for(check.kind, review.requester, review.establishment)
                self.perform(commands.reassign(case, PEOPLE["coordinator"], check.kind, reviewer.id))
                self.perform(commands.opinion(case, reviewer, check.kind, rest if n else first))

    @rule(place=PLACES, person=mostly(Role.COORDINATOR), decision=given.arbitrations())
    def overrule(self, place: int, person: str, decision: OverruleVerdict) -> None:
        self.perform_on(place, lambda case: commands.overrule(case, PEOPLE[person], decision))

    @rule(place=PLACES, person=mostly(Role.COORDINATOR), kind=KINDS, data=st.data())
    def reassign(self, place: int, person: str, kind: CheckKind, data: st.DataObject) -> None:
        chosen = data.draw(mostly(ROLES[kind]))
        self.perform_on(place, lambda case: commands.reassign(case, PEOPLE[person], kind, chosen))

    @rule(place=PLACES, person=BUYERS, figures=given.figures())
    def qualify(self, place: int, person: str, figures: QualifyPurchase) -> None:
        self.perform_on(place, lambda case: commands.qualify(case, PEOPLE[person], figures))

    @rule(place=PLACES, person=BUYERS, data=st.data())
    def decide(self, place: int, person: str, data: st.DataObject) -> None:
        for case in self.at(place):
            purchase = self.world.state("purchasing", case).purchase
            proposal = purchase.work.proposal if purchase else None
            route = data.draw(given.routes(proposal.route if proposal else None))
            self.perform(commands.decide(case, PEOPLE[person], route))

    @rule(place=PLACES, person=BUYERS)
    def look_again(self, place: int, person: str) -> None:
        self.perform_on(place, lambda case: commands.look_again(case, PEOPLE[person]))

    @rule(place=PLACES, person=mostly(Role.MEMBER_CONTACT), said=given.replies())
    def reply(self, place: int, person: str, said: AnswerCensus) -> None:
        self.perform_on(place, lambda case: commands.reply(case, PEOPLE[person], said))

    @rule(place=PLACES, figures=given.figures(), said=st.lists(given.replies(), max_size=6))
    def consult(self, place: int, figures: QualifyPurchase, said: list[AnswerCensus]) -> None:
        """The buyer asks the members of the GHT, and some of them answer."""
        contacts = [person for person in PEOPLE.values() if person.has(Role.MEMBER_CONTACT)]
        for case in self.at(place):
            self.perform(commands.qualify(case, PEOPLE["buyer"], figures))
            self.perform(commands.decide(case, PEOPLE["buyer"], given.ASK_MEMBERS))
            for contact, answer in zip(contacts, said, strict=False):
                self.perform(commands.reply(case, contact, answer))

    @rule(place=PLACES, person=BUYERS, cents=st.sampled_from((1_000_000, 2_000_000)))
    def award(self, place: int, person: str, cents: int) -> None:
        self.perform_on(place, lambda case: commands.award(case, PEOPLE[person], cents))

    @precondition(lambda self: self.world.bus.lanes())
    @rule(lane=st.integers(0, 50), count=st.integers(1, 12))
    def deliver(self, lane: int, count: int) -> None:
        """Some events of one case to one service."""
        for _ in range(count):
            if lanes := self.world.bus.lanes():
                self.world.deliver(lanes[lane % len(lanes)])

    @precondition(lambda self: self.world.bus.read_up_to)
    @rule(lane=st.integers(0, 50), count=st.integers(1, 4))
    def redeliver(self, lane: int, count: int) -> None:
        known = list(self.world.bus.read_up_to)
        self.world.bus.rewind(known[lane % len(known)], count)

    @rule()
    def settle(self) -> None:
        """Everything arrives: what the requester sees is what the others decided."""
        self.world.settle()
        for case in self.world.cases():
            follow_up_agrees(self.world, case)

    @precondition(lambda self: self.hours < LONGEST_HOURS)
    @rule(hours=st.sampled_from((1, NIGHT, WEEK, WEEK, QUARTER)), sweep=st.booleans())
    def wait(self, hours: int, sweep: bool) -> None:
        """Deadlines are told when the sweep comes, and only once."""
        self.hours += hours
        self.world.wait(hours)
        if sweep:
            self.world.sweep()
            for service in SERVICES:
                for case in self.world.cases():
                    swept_clean(self.world, service, case)

    @invariant()
    def promises_hold(self) -> None:
        for case in self.world.cases():
            case_holds(self.world, case)

    def teardown(self) -> None:
        self.settle()
        self.promises_hold()

    def at(self, place: int) -> list[UUID]:
        """The case at this place, where there is one."""
        cases = self.world.cases()
        return [cases[place % len(cases)]] if cases else []

    def author(self, case: UUID) -> Person:
        return PEOPLE[self.world.state("request", case).author]

    def perform_on(self, place: int, command: "commands.About") -> None:
        for case in self.at(place):
            self.perform(command(case))

    def perform(self, command: Command) -> None:
        answer = self.world.perform(command)
        if isinstance(answer, Accepted):
            was_allowed(self.world, answer)
            is_kept(self.world, answer)
            routes_are_deserved(self.world, answer)


TestConvergence = Convergence.TestCase
