"""The items of a frozen checklist that a request must have answered: looked up once per kind of request."""

from functools import lru_cache

from services.review.model.checklists import Checklist, ChecklistItem, NoChecklist, checklists
from shared.contracts.vocabulary import CheckKind, DataClass, RequestKind


@lru_cache(maxsize=64)
def frozen(kind: CheckKind, version: str) -> Checklist:
    """The checklist with which a check was opened; versions are never changed nor removed."""
    for checklist in checklists():
        if checklist.kind is kind and checklist.version == version:
            return checklist
    raise NoChecklist(f"version {version} of the {kind} checklist is gone: reviews opened with it need it back")


@lru_cache(maxsize=1024)
def applicable(
    kind: CheckKind, version: str, request: RequestKind, data: DataClass, care_stops: bool
) -> tuple[ChecklistItem, ...]:
    """The items that concern such a request, in the order of the checklist."""
    return frozen(kind, version).items_for(request, data, care_stops)
