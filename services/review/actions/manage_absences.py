"""Absences: a reviewer who is away has a substitute, who may then work what the absent one holds."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from services.review.model.guards import ensure_coordinates
from services.review.model.refusals import AbsenceOverlaps
from services.review.model.texts import Line
from services.review.store.absences import Absence, absence_delete, absence_insert, absence_overlapping
from services.review.store.people import reviewer
from shared.basics.errors import FieldError, Invalid, NotFound
from shared.basics.ids import new_id
from shared.database.postgres import EVERYTHING, transaction
from shared.identity.person import REVIEWERS, Person
from shared.program.running import Running

LONGEST_DAYS = 366
LATEST = date(2100, 1, 1)


class EnterAbsence(BaseModel):
    """Who is away, when, and who works their checks meanwhile."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"reviewer": "rssi", "substitute": "rssi-2", "from_on": "2026-12-21", "to_on": "2027-01-02"},
            ]
        },
    )

    reviewer: Line = Field(min_length=1, description="Account of the absent reviewer")
    substitute: Line = Field(min_length=1, description="Account of a reviewer who works one of their queues")
    from_on: date = Field(lt=LATEST)
    to_on: date = Field(lt=LATEST, description="Included")


async def enter_absence(running: Running[Any], person: Person, command: EnterAbsence, now: datetime) -> Absence:
    """Note an absence; the same one again is the same one. Raises `Invalid` or `AbsenceOverlaps`."""
    ensure_coordinates(person)
    if errors := _misfits(command):
        raise Invalid(errors=tuple(errors))
    entered = Absence(new_id(), command.reviewer, command.substitute, command.from_on, command.to_on)
    async with transaction(running.pool, EVERYTHING) as db:
        known = await absence_overlapping(db, entered)
        if known is None:
            await absence_insert(db, entered, person.id, now)
            return entered
    if replace(entered, absence_id=known.absence_id) != known:
        raise AbsenceOverlaps
    return known


async def remove_absence(running: Running[Any], person: Person, absence_id: UUID) -> None:
    """Forget an absence; raises `NotFound`."""
    ensure_coordinates(person)
    async with transaction(running.pool, EVERYTHING) as db:
        if not await absence_delete(db, absence_id):
            raise NotFound


def _misfits(command: EnterAbsence) -> Sequence[FieldError]:
    errors = []
    away, stands_in = reviewer(command.reviewer), reviewer(command.substitute)
    if away is None:
        errors.append(FieldError("reviewer", "Choisissez une personne de la liste."))
    if stands_in is None or command.substitute == command.reviewer:
        errors.append(FieldError("substitute", "Choisissez un collègue dans la liste."))
    elif away is not None and not (away.roles & stands_in.roles & REVIEWERS):
        errors.append(FieldError("substitute", "Ce collègue ne travaille aucune des files de la personne absente."))
    if command.to_on < command.from_on:
        errors.append(FieldError("to_on", "La fin vient avant le début : corrigez une des deux dates."))
    elif (command.to_on - command.from_on).days > LONGEST_DAYS:
        errors.append(FieldError("to_on", "Une absence notée ici dure un an au plus."))
    return errors
