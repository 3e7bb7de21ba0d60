"""A framework agreement is entered by a buyer, and counts for every proposal from then on."""

from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from services.purchasing.model.buyers import ensure_buyer
from services.purchasing.model.market import Agreement, BodyCode, MayOrder
from services.purchasing.model.routing.facts import AgreementKind
from services.purchasing.model.texts import Cents, Command, Line, Text
from services.purchasing.store.agreements import agreement_get, agreement_insert, agreement_same, agreements_lock
from services.purchasing.store.knowledge_log import knowledge_note
from shared.basics.ids import new_id
from shared.database.postgres import transaction
from shared.identity.person import Person
from shared.program.running import Running
from shared.reference import directory
from shared.reference.cpv import exists, normalise
from shared.reference.domains import domains

EARLIEST: Final = date(2000, 1, 1)
LATEST: Final = date(2099, 12, 31)


class AgreementData(Command):
    """What a buyer enters. `revision`: the one that was shown, for a change. Without scope, nothing is covered."""

    body: BodyCode
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
    may_order: MayOrder = MayOrder.UNKNOWN
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
    def _known_domains(cls, codes: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if unknown := [code for code in codes if code not in domains()]:
            raise ValueError(f"Ces domaines n’existent pas : {', '.join(unknown)}.")
        if not codes and not info.data.get("cpv"):
            raise ValueError("Donnez un périmètre : des codes CPV, des domaines, ou les deux.")
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


async def enter_agreement(running: Running[Any], person: Person, command: AgreementData, now: datetime) -> Agreement:
    """A new agreement, or the one that was entered with all the same before: a second ceiling would be no ceiling."""
    ensure_buyer(person)
    agreement_id = new_id()
    async with transaction(running.pool, person.scope) as db:
        await agreements_lock(db)
        if (there := await agreement_same(db, command)) is not None:
            return there
        await agreement_insert(db, agreement_id, command)
        await knowledge_note(db, person, "agreement", str(agreement_id), "entered", command.model_dump_json(), now)
        return await agreement_get(db, agreement_id)
