"""The request service: its table of contents."""

from pathlib import Path

from services.request.actions.on_events import CASEWORK
from services.request.actions.pass_deadline import RequestDeadlines, deadline_passed
from services.request.api.catalogue import api_catalogue, api_domains, api_similar
from services.request.api.create import api_create
from services.request.api.read import api_case, api_counts, api_file, api_late, api_list
from services.request.api.write import api_answer, api_attach, api_detach, api_edit, api_submit, api_withdraw
from services.request.pages.catalogue import catalogue_list
from services.request.pages.check import check_page, file_page, join_files, remove_file, send
from services.request.pages.follow import follow_page, reply, withdraw, withdrawal_page
from services.request.pages.form import autosave, neighbours_part, new_draft, new_page, save_step, step_page
from services.request.pages.list import list_page
from services.request.parts import RequestService
from services.request.store.catalogue import projection
from services.request.store.equipped import Equipped
from services.request.store.requests import RequestStore, as_read
from shared.casework.decide import Memory
from shared.contracts.events.catalogue_entries import CatalogueEntryPublishedV1, CatalogueEntryRetiredV1

API = (
    api_create,
    api_list,
    api_counts,
    api_late,
    api_similar,
    api_case,
    api_edit,
    api_submit,
    api_withdraw,
    api_answer,
    api_attach,
    api_detach,
    api_file,
    api_catalogue,
    api_domains,
)
PAGES = (
    list_page,
    new_page,
    new_draft,
    neighbours_part,
    catalogue_list,
    follow_page,
    reply,
    withdrawal_page,
    withdraw,
    check_page,
    send,
    join_files,
    remove_file,
    file_page,
    step_page,
    save_step,
    autosave,
)


def request_service() -> RequestService:
    """A fresh assembly, with a memory of its own."""
    equipped = Equipped()
    project = projection(equipped)
    return RequestService(
        name="request",
        store=RequestStore(),
        casework=CASEWORK,
        projections={CatalogueEntryPublishedV1: project, CatalogueEntryRetiredV1: project},
        deadlines=RequestDeadlines(),
        deadline_passed=deadline_passed,
        pages=PAGES,
        api=API,
        templates=Path(__file__).parent / "templates",
        memory=lambda: Memory(as_read, nothing=None),
        equipped=equipped,
    )
