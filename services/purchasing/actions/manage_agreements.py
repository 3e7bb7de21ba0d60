"""Framework agreements are the buyers' data: entered, changed and withdrawn by them, each change kept."""

from datetime import date, datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import orjson
from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from services.purchasing.model.buyers import ensure_buyer
from services.purchasing.model.market import Agreement, MayOrder
from services.purchasing.model.routing.facts import AgreementKind
from services.purchasing.model.texts import Cents, Command, Line, Text
from services.purchasing.store.knowledge_log import knowledge_note
from services.purchasing.store.market import COLUMNS, agreement_of
from shared.basics.errors import NotFound, Refusal
from shared.basics.ids import new_id
from shared.database.postgres import Db, Pool, transaction
from shared.identity.person import Person
from shared.reference import directory
from shared.reference.cpv import exists, normalise
from shared.reference.domains import domains

ONE: Final = f"SELECT {COLUMNS} FROM agreement WHERE agreement_id = $1"  # noqa: S608 - our own columns
INSERT: Final = """
INSERT INTO agreement (agreement_id, revision, body, kind, title, number, cpv, domains, valid_from, valid_to,
    ceiling_cents, consumed_cents, may_order, orderers, named_at_start, suppliers, note, example)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, false)
"""
CHANGE: Final = """
UPDATE agreement SET revision = $2 + 1, body = $3, kind = $4, title = $5, number = $6, cpv = $7, domains = $8,
    valid_from = $9, valid_to = $10, ceiling_cents = $11, consumed_cents = $12, may_order = $13, orderers = $14,
    named_at_start = $15, suppliers = $16, note = $17
WHERE agreement_id = $1 AND revision = $2 AND NOT withdrawn
"""
WITHDRAW: Final = (
    "UPDATE agreement SET withdrawn = true, revision = revision + 1 WHERE agreement_id = $1 AND NOT withdrawn"
)
SAME: Final = f"""
SELECT {COLUMNS} FROM agreement
WHERE (body, kind, title, number, cpv, domains, valid_from, valid_to, ceiling_cents, consumed_cents, may_order, orderers,
        named_at_start, suppliers, note, example, withdrawn)
    IS NOT DISTINCT FROM ($1::text, $2::text, $3::text, $4::text, $5::text[], $6::text[], $7::date, $8::date, $9::bigint,
        $10::bigint, $11::text, $12::text[], $13::boolean, $14::text[], $15::text, false, false)
"""  # noqa: S608 - our own columns
ONE_AT_A_TIME: Final = "LOCK TABLE agreement IN SHARE ROW EXCLUSIVE MODE"
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


class AgreementMoved(Refusal):
    """Somebody else, or an order, changed it meanwhile."""

    slug = "agreement-moved"
    public = "Cet accord-cadre a changé pendant que vous le modifiiez. Ouvrez-le de nouveau depuis la liste, puis recommencez."


class AgreementData(Command):
    """What a buyer enters. `revision`: the one that was shown, for a change. Without scope, nothing is covered."""

    body: Literal["UniHA", "Resah", "UGAP", "CAIH"]
    kind: AgreementKind
    title: Annotated[Line, StringConstraints(min_length=3)]
    number: Line = ""
    cpv: tuple[Line, ...] = Field(
        default=(), max_length=50, description="CPV codes; a short code covers what it begins"
    )
    domains: tuple[Line, ...] = Field(
        default=(), max_length=80, validate_default=True, description="Business domains; empty: all that the CPV say"
    )
    valid_from: date = Field(ge=EARLIEST, le=LATEST)
    valid_to: date = Field(ge=EARLIEST, le=LATEST)
    ceiling_cents: Cents | None = Field(default=None, description="Null: unknown, to be checked with the body")
    consumed_cents: Cents = 0
    may_order: MayOrder = "unknown"
    orderers: tuple[Line, ...] = Field(default=(), max_length=200, description="FINESS, when `may_order` is `listed`")
    named_at_start: bool | None = Field(
        default=None, description="Whether the GHT was named when it began; null: unknown"
    )
    suppliers: tuple[Line, ...] = Field(default=(), max_length=50)
    note: Text = ""
    revision: int = Field(default=1, ge=1, le=2**31 - 2)

    @field_validator("cpv")
    @classmethod
    def _known_codes(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [code for code in codes if not exists(code)]:
            raise ValueError(f"Ces codes ne sont pas dans la nomenclature CPV 2008 : {', '.join(unknown)}.")
        return tuple(dict.fromkeys(normalise(code) for code in codes))

    @field_validator("domains")
    @classmethod
    def _known_domains(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [code for code in codes if code not in domains()]:
            raise ValueError(f"Ces domaines n’existent pas : {', '.join(unknown)}.")
        return tuple(dict.fromkeys(codes))

    @field_validator("orderers")
    @classmethod
    def _known_establishments(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [code for code in codes if code not in directory.directory().establishments]:
            raise ValueError(f"Ces numéros FINESS ne sont pas au répertoire : {', '.join(unknown)}.")
        return tuple(dict.fromkeys(codes))

    @field_validator("valid_to")
    @classmethod
    def _ends_after_it_starts(cls, valid_to: date, info: ValidationInfo) -> date:
        if "valid_from" in info.data and valid_to < info.data["valid_from"]:
            raise ValueError("L’accord-cadre finit avant de commencer.")
        return valid_to

    @field_validator("consumed_cents")
    @classmethod
    def _under_its_ceiling(cls, consumed: int, info: ValidationInfo) -> int:
        ceiling = info.data.get("ceiling_cents")
        if ceiling is not None and consumed > ceiling:
            raise ValueError("Le montant consommé dépasse le plafond : corrigez l’un ou l’autre.")
        return consumed

    @field_validator("domains")
    @classmethod
    def _has_a_scope(cls, codes: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if not codes and not info.data.get("cpv"):
            raise ValueError("Donnez un périmètre : des codes CPV, des domaines, ou les deux.")
        return codes


async def enter_agreement(pool: Pool, person: Person, data: AgreementData, now: datetime) -> Agreement:
    """A new agreement, or the one that was entered with all the same before: a second ceiling would be no ceiling."""
    ensure_buyer(person)
    agreement_id = new_id()
    async with transaction(pool, person.scope) as db:
        await db.execute(ONE_AT_A_TIME)
        there = await db.fetchrow(SAME, *_values(data)[1:])
        if there is not None:
            return agreement_of(there)
        await db.execute(INSERT, agreement_id, *_values(data.model_copy(update={"revision": 1})))
        await knowledge_note(db, person, "agreement", str(agreement_id), "entered", _detail(data), now)
        return await agreement_get(db, agreement_id)


async def change_agreement(
    pool: Pool, person: Person, agreement_id: UUID, data: AgreementData, now: datetime
) -> Agreement:
    """The agreement after the change; raises NotFound, or AgreementMoved where the revision is not the one shown."""
    ensure_buyer(person)
    async with transaction(pool, person.scope) as db:
        await agreement_get(db, agreement_id)
        if await db.execute(CHANGE, agreement_id, *_values(data)) != "UPDATE 1":
            there = await db.fetchrow(SAME, *_values(data)[1:])
            if there is None or (there["agreement_id"], there["revision"]) != (agreement_id, data.revision + 1):
                raise AgreementMoved
            return agreement_of(there)
        await knowledge_note(db, person, "agreement", str(agreement_id), "changed", _detail(data), now)
        return await agreement_get(db, agreement_id)


async def withdraw_agreement(pool: Pool, person: Person, agreement_id: UUID, reason: str, now: datetime) -> Agreement:
    """The agreement is no longer proposed; what was ordered under it stays. A second time changes nothing."""
    ensure_buyer(person)
    async with transaction(pool, person.scope) as db:
        if await db.execute(WITHDRAW, agreement_id) == "UPDATE 1":
            await knowledge_note(db, person, "agreement", str(agreement_id), "withdrawn", reason, now)
        return await agreement_get(db, agreement_id)


async def agreement_get(db: Db, agreement_id: UUID) -> Agreement:
    """One agreement, withdrawn or not; raises NotFound."""
    row = await db.fetchrow(ONE, agreement_id)
    if row is None:
        raise NotFound
    return agreement_of(row)


def _values(data: AgreementData) -> tuple[object, ...]:
    return (
        *(data.revision, data.body, data.kind, data.title, data.number, data.cpv, data.domains),
        *(data.valid_from, data.valid_to, data.ceiling_cents, data.consumed_cents, data.may_order, data.orderers),
        *(data.named_at_start, data.suppliers, data.note),
    )


def _detail(data: AgreementData) -> str:
    return orjson.dumps(data.model_dump(mode="json")).decode()
