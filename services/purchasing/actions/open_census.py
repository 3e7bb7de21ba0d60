"""The other members of the GHT are asked whether they buy together, before a route is decided."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from services.purchasing.actions.events import census_opened
from services.purchasing.model.members import buying_with
from services.purchasing.model.purchase import Census, Purchase, PurchaseFile, State
from services.purchasing.model.refusals import RouteNotAllowed
from services.purchasing.model.routing.case_facts import WORKING_DAYS_TO_ANSWER, due
from shared.basics.calendar import local
from shared.basics.errors import FieldError, Invalid
from shared.basics.french import typo
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry

LONGEST_CENSUS_DAYS: Final = 366


def open_census(file: PurchaseFile, purchase: Purchase, census: Census, entry: TrailEntry) -> Outcome[PurchaseFile]:
    """Ask them: there is somebody to ask, `members_to_ask` has seen to it."""
    asked = replace(
        purchase,
        state=State.CENSUS,
        deadline_at=census.deadline,
        late_since=None,
        work=replace(purchase.work, census=census),
    )
    return Outcome(replace(file, purchase=asked), (census_opened(asked, census),), (entry,), asked)


def members_to_ask(file: PurchaseFile, purchase: Purchase, agreement_id: UUID | None, now: datetime) -> tuple[str, ...]:
    """Those that could answer; raises RouteNotAllowed where there is nobody."""
    agreement = file.market.agreement(agreement_id) if agreement_id else None
    members = buying_with(purchase.establishment, agreement, local(now).date())
    if members:
        return members
    if agreement is not None:
        nobody = (
            f"Aucun autre membre du GHT ne peut commander à {agreement.name} : confirmez la voie sans les interroger."
        )
        raise RouteNotAllowed(typo(nobody))
    raise RouteNotAllowed(
        "Cet établissement n’a pas d’autre membre de GHT à interroger : choisissez un appel d’offres de l’établissement."
    )


def census_deadline(wanted: datetime | None, now: datetime) -> datetime:
    """When it closes: the day that was chosen, or 15 working days; raises Invalid."""
    deadline = wanted or due(now, WORKING_DAYS_TO_ANSWER)
    if deadline <= now or (deadline - now).days > LONGEST_CENSUS_DAYS:
        raise Invalid(errors=(FieldError("deadline", "Choisissez une date à venir, d’ici un an."),))
    return deadline
