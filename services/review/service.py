"""The review service, as a table of contents: what it hears, what people do, what it shows, what it waits for."""

from pathlib import Path

from services.review.actions.answer_items import answer_items
from services.review.actions.ask_question import ask_question
from services.review.actions.give_opinion import give_opinion
from services.review.actions.manage_absences import enter_absence, remove_absence
from services.review.actions.on_events import CASEWORK
from services.review.actions.overrule_verdict import overrule_verdict
from services.review.actions.pass_deadline import pass_deadline
from services.review.actions.reassign_check import reassign_check
from services.review.actions.release_check import release_check
from services.review.actions.take_check import take_check, take_checks
from services.review.api.absences import api_absences, api_enter_absence, api_remove_absence
from services.review.api.acts import (
    api_answers,
    api_arbitration,
    api_opinion,
    api_question,
    api_reassignment,
    api_release,
    api_taking,
    api_takings,
)
from services.review.api.reads import api_checks, api_review, api_reviewers, api_reviews
from services.review.model.review import State
from services.review.pages.absences import absences_page, ask_removal, post_absence, post_removal
from services.review.pages.arbitration import post_arbitration, post_reassignment
from services.review.pages.check import check_page, post_opinion, post_question, post_release, save_answers
from services.review.pages.live import live_page
from services.review.pages.queues import post_takings, queue_page, queues_page
from services.review.pages.whole import whole_page
from services.review.store.reviews import ReviewDeadlines, ReviewStore
from services.review.words import TRAIL_WORDS
from shared.casework.decide import Memory
from shared.contracts.events.requests import RequestSubmittedV2
from shared.program.service import Service

__all__ = ["ACTIONS", "SERVICE", "TRAIL_WORDS"]

ACTIONS = (
    take_check, take_checks, release_check, reassign_check, answer_items, ask_question, give_opinion,
    overrule_verdict, enter_absence, remove_absence,
)  # fmt: skip
"""In the order in which a review goes on."""

PAGES = (
    queues_page, queue_page, post_takings, check_page, save_answers, post_opinion, post_question, post_release,
    whole_page, post_arbitration, post_reassignment, absences_page, post_absence, ask_removal, post_removal,
    live_page,
)  # fmt: skip

API = (
    api_reviews, api_review, api_checks, api_reviewers, api_opinion, api_taking, api_takings, api_release,
    api_reassignment, api_answers, api_question, api_arbitration, api_absences, api_enter_absence,
    api_remove_absence,
)  # fmt: skip

SERVICE: Service[State] = Service(
    name="review",
    store=ReviewStore(),
    casework=CASEWORK,
    deadlines=ReviewDeadlines(),
    deadline_passed=pass_deadline,
    pages=PAGES,
    api=API,
    templates=Path(__file__).parent / "templates",
    memory=lambda: Memory(as_read=lambda review: review, nothing=None),
    opened_by=frozenset({RequestSubmittedV2}),
    trail_words=TRAIL_WORDS,
)
