"""The purchasing service, as a table of contents: what it hears, what it does, what it shows."""

from pathlib import Path
from typing import Final

from services.purchasing.actions.answer_census import answer_census
from services.purchasing.actions.change_agreement import change_agreement
from services.purchasing.actions.decide_route import decide_route
from services.purchasing.actions.enter_agreement import enter_agreement
from services.purchasing.actions.on_events import CASEWORK
from services.purchasing.actions.pass_deadline import PurchaseDeadlines, pass_deadline
from services.purchasing.actions.publish_table import publish_table
from services.purchasing.actions.qualify_purchase import qualify_purchase
from services.purchasing.actions.record_award import record_award
from services.purchasing.actions.set_policy import set_policy
from services.purchasing.actions.withdraw_agreement import withdraw_agreement
from services.purchasing.api import API
from services.purchasing.model.purchase import PurchaseFile
from services.purchasing.model.readers import READERS
from services.purchasing.pages import PAGES
from services.purchasing.store.purchases import PurchaseStore
from services.purchasing.words import TRAIL_WORDS
from shared.program.service import Service

__all__ = ["ACTIONS", "SERVICE", "TRAIL_WORDS"]

ON_A_CASE: Final = (qualify_purchase, decide_route, answer_census, record_award)
ON_THE_MARKET: Final = (enter_agreement, change_agreement, withdraw_agreement, set_policy, publish_table)
ACTIONS: Final = (*ON_A_CASE, *ON_THE_MARKET)
"""What people do; one file each in `actions/`, of the same name."""

SERVICE: Final[Service[PurchaseFile]] = Service(
    name="purchasing",
    store=PurchaseStore(),
    casework=CASEWORK,
    deadlines=PurchaseDeadlines(),
    deadline_passed=pass_deadline,
    pages=PAGES,
    api=API,
    templates=Path(__file__).parent / "templates",
    # Amounts, reasons and what members said are read by those who read purchases.
    story_readers=READERS,
    trail_words=TRAIL_WORDS,
)
