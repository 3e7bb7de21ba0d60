"""Absences: a reviewer who is away has a substitute, who may then work what the absent one holds."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from services.review.model.guards import coordinates
from services.review.model.people import reviewer
from services.review.model.texts import Line
from shared.basics.errors import FieldError, Invalid, NotFound, Refusal
from shared.basics.ids import new_id
from shared.database.postgres import EVERYTHING, Pool, reading, transaction
from shared.identity.person import REVIEWERS, Person

LONGEST_DAYS = 366
LATEST = date(2100, 1, 1)

STANDING_IN = "SELECT reviewer FROM absence WHERE substitute = $1 AND $2 BETWEEN from_on AND to_on"
COMING = """
SELECT absence_id, reviewer, substitute, from_on, to_on FROM absence WHERE to_on >= $1
ORDER BY from_on, absence_id LIMIT 500
"""
LOCK = "SELECT pg_advisory_xact_lock(hashtext('review.absence'))"
OVERLAPPING = """
SELECT absence_id, reviewer, substitute, from_on, to_on FROM absence
WHERE reviewer = $1 AND from_on <= $3 AND to_on >= $2 LIMIT 1
"""
INSERT = """
INSERT INTO absence (absence_id, reviewer, substitute, from_on, to_on, entered_by, entered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
DELETE = "DELETE FROM absence WHERE absence_id = $1"


class Absence(msgspec.Struct, frozen=True):
    """A reviewer away from one day to another, both included, and who stands in."""

    absence_id: UUID
    reviewer: str
    substitute: str
    from_on: date
    to_on: date


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


class AbsenceOverlaps(Refusal):
    """The reviewer has another absence in these days."""

    slug = "absence-overlaps"
    public = "Une absence est déjà notée sur ces jours pour cette personne : supprimez-la d’abord."


async def absent_colleagues_of(pool: Pool, person: str, on: date) -> frozenset[str]:
    """Whom this person replaces that day."""
    async with reading(pool, EVERYTHING) as db:
        return frozenset(row[0] for row in await db.fetch(STANDING_IN, person, on))


async def absences(pool: Pool, on: date) -> list[Absence]:
    """Absences that are not over that day."""
    async with reading(pool, EVERYTHING) as db:
        return [Absence(*row) for row in await db.fetch(COMING, on)]


async def enter_absence(pool: Pool, command: EnterAbsence, person: Person, now: datetime) -> Absence:
    """Note an absence; the same one again is the same one. Raises what does not fit."""
    coordinates(person)
    if errors := _misfits(command):
        raise Invalid(errors=tuple(errors))
    entered = Absence(new_id(), command.reviewer, command.substitute, command.from_on, command.to_on)
    async with transaction(pool, EVERYTHING) as db:
        await db.execute(LOCK)
        row = await db.fetchrow(OVERLAPPING, command.reviewer, command.from_on, command.to_on)
        if row is not None:
            known = Absence(*row)
            if msgspec.structs.replace(entered, absence_id=known.absence_id) == known:
                return known
            raise AbsenceOverlaps
        await db.execute(INSERT, *msgspec.structs.astuple(entered), person.id, now)
    return entered


async def remove_absence(pool: Pool, absence_id: UUID, person: Person) -> None:
    """Forget an absence; raises `NotFound`."""
    coordinates(person)
    async with transaction(pool, EVERYTHING) as db:
        if await db.execute(DELETE, absence_id) == "DELETE 0":
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
