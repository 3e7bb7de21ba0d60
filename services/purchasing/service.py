"""The purchasing service: its table of contents."""

from pathlib import Path

from services.purchasing.api import API
from services.purchasing.late_purchase import PurchaseDeadlines, act_on_deadline
from services.purchasing.on_events import CASEWORK
from services.purchasing.pages import PAGES
from services.purchasing.purchase import PurchaseFile
from services.purchasing.readers import READERS
from services.purchasing.store import PurchaseStore
from shared.service import Service


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
