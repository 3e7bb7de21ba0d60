"""What reviewers do in the tests of the rules, each deed from the review before to the one after."""

from datetime import date, datetime
from typing import Any

from services.review.actions import ask_question, give_opinion
from services.review.actions.answer_arrives import answer_arrives
from services.review.actions.ask_question import AskQuestion
from services.review.actions.give_opinion import GiveOpinion
from services.review.model.review import Review
from shared.basics.ids import new_id
from shared.casework.outcome import Outcome
from shared.contracts.events.requests import QuestionAnsweredV1
from shared.contracts.vocabulary import CheckKind, Opinion
from shared.identity.demo import REVIEWER_OF
from tests.helpers.review_cases import EVIDENCE, MONDAY, person

SECURITY, FUNCTIONAL = CheckKind.SECURITY, CheckKind.FUNCTIONAL
RSSI, DEPUTY = person("rssi"), person("rssi-2")
BOSS = person("coordinator")
MET = GiveOpinion(opinion=Opinion.FAVOURABLE, checklist="all_met", comment=EVIDENCE)
WHY = "Continuité des soins : pas de relais avant la fin du contrat."


def after(outcome: Outcome[Any]) -> Review:
    assert isinstance(outcome.state, Review)
    return outcome.state


def told(outcome: Outcome[Any]) -> list[str]:
    return [type(event).__name__ for event in outcome.events]


def closed(review: Review, kind: str, command: GiveOpinion = MET) -> Outcome[Any]:
    return give_opinion.decide(review, person(REVIEWER_OF[kind]), kind, command, MONDAY)


def finished(review: Review, **commands: GiveOpinion) -> Outcome[Any]:
    outcome: Outcome[Any] = Outcome(review)
    for check in review.checks:
        outcome = closed(after(outcome), check.kind, commands.get(check.kind, MET))
    return outcome


def due(review: Review, kind: str) -> date:
    check = review.check(kind)
    assert check is not None
    return check.due_on


def question(review: Review, at: datetime = MONDAY) -> Review:
    return after(ask_question.decide(review, RSSI, SECURITY, AskQuestion(question="Qui héberge ?"), new_id(), at))


def answered(review: Review, at: datetime) -> Review:
    check = review.check(SECURITY)
    assert check is not None
    event = QuestionAnsweredV1(
        case_id=review.case_id, question_id=check.questions[-1].question_id, check=SECURITY, answer="Un hébergeur HDS.",
        answered_at=at, answered_by="requester-chu",
    )  # fmt: skip
    return after(answer_arrives(review, event, at))
