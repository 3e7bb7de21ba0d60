"""The request service, as a table of contents: what it hears, what people do, what it shows, what it waits for."""

from pathlib import Path

from services.request.actions.answer_question import answer_question
from services.request.actions.attach_file import attach_file
from services.request.actions.create_request import create_request
from services.request.actions.detach_file import detach_file
from services.request.actions.edit_draft import edit_draft
from services.request.actions.on_events import CASEWORK
from services.request.actions.pass_deadline import RequestDeadlines, pass_deadline
from services.request.actions.submit_request import submit_request
from services.request.actions.withdraw_request import withdraw_request
from services.request.api.catalogue import api_catalogue, api_domains, api_similar
from services.request.api.create import api_create
from services.request.api.read import api_case, api_counts, api_file, api_late, api_list
from services.request.api.write import api_answer, api_attach, api_detach, api_edit, api_submit, api_withdraw
from services.request.model.request import State
from services.request.pages.catalogue import catalogue_list
from services.request.pages.check import check_page, file_page, join_files, remove_file, send
from services.request.pages.follow import follow_page, reply, withdraw, withdrawal_page
from services.request.pages.form import autosave, neighbours_part, new_draft, new_page, save_step, step_page
from services.request.pages.list import list_page
from services.request.store.catalogue import project
from services.request.store.own import Own
from services.request.store.requests import RequestStore, as_read
from services.request.words import TRAIL_WORDS
from shared.casework.decide import Memory
from shared.contracts.events.catalogue_entries import CatalogueEntryPublishedV1, CatalogueEntryRetiredV1
from shared.program.service import Service

__all__ = ["ACTIONS", "SERVICE", "TRAIL_WORDS"]

ACTIONS = (
    create_request,
    edit_draft,
    attach_file,
    detach_file,
    submit_request,
    answer_question,
    withdraw_request,
)
"""In the order in which a requester does them; one file each in `actions/`, of the same name."""

PAGES = (
    list_page,
    new_page,
    new_draft,
    neighbours_part,
    step_page,
    save_step,
    autosave,
    check_page,
    join_files,
    remove_file,
    file_page,
    send,
    follow_page,
    reply,
    withdrawal_page,
    withdraw,
    catalogue_list,
)

API = (
    api_create,
    api_list,
    api_counts,
    api_late,
    api_similar,
    api_case,
    api_edit,
    api_attach,
    api_detach,
    api_file,
    api_submit,
    api_answer,
    api_withdraw,
    api_catalogue,
    api_domains,
)

SERVICE: Service[State] = Service(
    name="request",
    store=RequestStore(),
    casework=CASEWORK,
    projections={CatalogueEntryPublishedV1: project, CatalogueEntryRetiredV1: project},
    deadlines=RequestDeadlines(),
    deadline_passed=pass_deadline,
    pages=PAGES,
    api=API,
    templates=Path(__file__).parent / "templates",
    memory=lambda: Memory(as_read, nothing=None),
    own=Own,
    trail_words=TRAIL_WORDS,
)
