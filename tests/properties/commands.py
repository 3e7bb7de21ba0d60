"""Every command that a person may give to the three services, as the use cases hand it to the models."""

from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from services.purchasing.actions.answer_census import AnswerCensus
from services.purchasing.actions.answer_census import decide as answer_census
from services.purchasing.actions.decide_route import DecideRoute
from services.purchasing.actions.decide_route import decide as decide_route
from services.purchasing.actions.propose_route import propose_again
from services.purchasing.actions.qualify_purchase import QualifyPurchase
from services.purchasing.actions.qualify_purchase import decide as qualify_purchase
from services.purchasing.actions.record_award import RecordAward
from services.purchasing.actions.record_award import decide as record_award
from services.purchasing.model.buyers import ensure_buyer
from services.purchasing.model.purchase import PurchaseFile
from services.request.actions import (
    answer_question,
    create_request,
    edit_draft,
    submit_request,
    withdraw_request,
)
from services.request.model.form import RequestForm, form_text
from services.review.actions import (
    answer_items,
    ask_question,
    give_opinion,
    overrule_verdict,
    reassign_check,
    release_check,
    take_check,
)
from services.review.actions.answer_items import AnswerItems
from services.review.actions.ask_question import AskQuestion
from services.review.actions.give_opinion import GiveOpinion
from services.review.actions.overrule_verdict import OverruleVerdict
from services.review.actions.reassign_check import ReassignCheck
from shared.basics.ids import new_id
from shared.casework.outcome import Outcome
from shared.contracts.need import EquippedSoftware
from shared.identity.person import Person, Role, ensure
from tests.properties.people import PEOPLE
from tests.properties.world import Command

About = Callable[[UUID], Command]
"""A command, once it is known which case it is about."""

INSTALLED = EquippedSoftware(
    entry_id=UUID(int=42), product="Logiciel exemple", domain="bloc-operatoire", establishments=("420780033",)
)


def write(case_id: UUID, person: Person, form: RequestForm, submit: bool) -> Command:
    """A new request, under a key that stands for the case."""

    def decide(state: Any, now: datetime) -> Outcome[Any]:
        ensure(person, Role.REQUESTER, Role.BUSINESS_REFERENT)
        digest = sha256(b"%d%s%s" % (submit, person.id.encode(), form_text(form).encode())).digest()
        command = create_request.CreateRequest(**form.model_dump(), submit=submit)
        looked_up = create_request.Given(case_id, "D-2026-000001", digest, equipped=(INSTALLED,) if submit else ())
        return create_request.decide(state, person, command, looked_up, now)

    return Command("request", "write", case_id, person, decide)


def edit(case_id: UUID, person: Person, form: RequestForm) -> Command:
    """The whole form takes the place of the draft's."""
    return Command("request", "edit", case_id, person, lambda s, now: edit_draft.decide(s, person, form, now))


def submit(case_id: UUID, person: Person) -> Command:
    """Send the draft."""
    return Command(
        "request", "submit", case_id, person, lambda s, now: submit_request.decide(s, person, (INSTALLED,), now)
    )


def withdraw(case_id: UUID, person: Person) -> Command:
    """Give the request up."""
    command = withdraw_request.WithdrawRequest(reason="Le besoin a disparu.")
    return Command(
        "request", "withdraw", case_id, person, lambda s, now: withdraw_request.decide(s, person, command, now)
    )


def answer(case_id: UUID, person: Person, question_id: UUID, text: str) -> Command:
    """Answer a reviewer."""
    command = answer_question.AnswerQuestion(question_id=question_id, answer=text)
    return Command("request", "answer", case_id, person, lambda s, now: answer_question.decide(s, person, command, now))


def take(case_id: UUID, person: Person, kind: str, standing_in: frozenset[str]) -> Command:
    """Take a check."""
    return Command(
        "review", "take", case_id, person, lambda s, _: take_check.decide(s, person, kind, standing_in), kind
    )


def release(case_id: UUID, person: Person, kind: str) -> Command:
    """Give a check back."""
    return Command("review", "release", case_id, person, lambda s, _: release_check.decide(s, person, kind), kind)


def items(case_id: UUID, person: Person, kind: str, answers: AnswerItems) -> Command:
    """Answer items."""
    return Command("review", "items", case_id, person, lambda s, _: answer_items.decide(s, person, kind, answers), kind)


def ask(case_id: UUID, person: Person, kind: str, text: str) -> Command:
    """Ask the requester; each try would have an id of its own."""
    asked = AskQuestion(question=text)
    return Command(
        "review",
        "ask",
        case_id,
        person,
        lambda s, now: ask_question.decide(s, person, kind, asked, new_id(), now),
        kind,
    )


def opinion(case_id: UUID, person: Person, kind: str, given: GiveOpinion) -> Command:
    """Close a check."""
    return Command(
        "review", "opinion", case_id, person, lambda s, now: give_opinion.decide(s, person, kind, given, now), kind
    )


def overrule(case_id: UUID, person: Person, decision: OverruleVerdict) -> Command:
    """Decide otherwise than the opinions."""
    return Command(
        "review",
        "overrule",
        case_id,
        person,
        lambda s, now: overrule_verdict.decide(s, person, decision, now),
        decision,
    )


def reassign(case_id: UUID, person: Person, kind: str, chosen: str) -> Command:
    """Put a check into other hands."""
    to = ReassignCheck(reviewer=chosen, reason="")
    return Command(
        "review",
        "reassign",
        case_id,
        person,
        lambda s, _: reassign_check.decide(s, person, kind, to, PEOPLE.get(chosen)),
        kind,
    )


def qualify(case_id: UUID, person: Person, figures: QualifyPurchase) -> Command:
    """Enter what the purchase costs."""
    return _of_buyer("qualify", case_id, person, lambda file, now: qualify_purchase(file, person, figures, now))


def decide(case_id: UUID, person: Person, route: DecideRoute) -> Command:
    """Confirm or override the route."""
    return _of_buyer("decide", case_id, person, lambda file, now: decide_route(file, person, route, now), route)


def look_again(case_id: UUID, person: Person) -> Command:
    """Run the table on what is known now."""
    return _of_buyer("look_again", case_id, person, lambda file, now: propose_again(file, person, now))


def award(case_id: UUID, person: Person, cents: int) -> Command:
    """Record the contract."""
    contract = RecordAward(
        supplier="Éditeur", amount_cents=cents, starts_on=date(2027, 1, 1), ends_on=date(2030, 12, 31)
    )
    return _of_buyer("award", case_id, person, lambda file, now: record_award(file, person, contract, now))


def reply(case_id: UUID, person: Person, said: AnswerCensus) -> Command:
    """A member answers for its own establishment."""

    def decided(file: PurchaseFile, now: datetime) -> Outcome[PurchaseFile]:
        ensure(person, Role.MEMBER_CONTACT)
        return answer_census(file, person, said, now)

    return Command("purchasing", "reply", case_id, person, decided)


def _of_buyer(name: str, case_id: UUID, person: Person, act: Any, about: Any = None) -> Command:
    def decided(file: PurchaseFile, now: datetime) -> Outcome[PurchaseFile]:
        ensure_buyer(person)
        outcome: Outcome[PurchaseFile] = act(file, now)
        return outcome

    return Command("purchasing", name, case_id, person, decided, about)
