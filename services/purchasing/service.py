"""The purchasing service: its table of contents."""

from pathlib import Path

from services.purchasing.actions.on_events import CASEWORK
from services.purchasing.actions.pass_deadline import PurchaseDeadlines, act_on_deadline
from services.purchasing.api import API
from services.purchasing.model.purchase import PurchaseFile
from services.purchasing.model.readers import READERS
from services.purchasing.pages import PAGES
from services.purchasing.store.purchases import PurchaseStore
from shared.program.service import Service


def purchasing_service() -> Service[PurchaseFile]:
    """A service with a memory of its own for the market."""
    return Service(
        name="purchasing",
        store=PurchaseStore(),
        casework=CASEWORK,
        deadlines=PurchaseDeadlines(),
        deadline_passed=act_on_deadline,
        pages=PAGES,
        api=API,
        templates=Path(__file__).parent / "templates",
        # Amounts, reasons and what members said are read by those who read purchases.
        story_readers=READERS,
    )
