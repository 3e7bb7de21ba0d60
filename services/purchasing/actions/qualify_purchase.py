"""Qualifying: the buyer enters the whole cost and what decides the route, and the decision table answers again."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from msgspec.structs import replace
from pydantic import Field, field_validator

from services.purchasing.actions.events import route_proposed
from services.purchasing.actions.propose_route import proposed
from services.purchasing.model.buyers import ensure_buyer, ensure_shown, purchase_for, still_open
from services.purchasing.model.market import Market
from services.purchasing.model.purchase import Purchase, PurchaseFile
from services.purchasing.model.qualification import CostLines, ExclusiveRights, Form, Qualification, SameNeed
from services.purchasing.model.routing.case_facts import JUSTIFIED_FROM, coverage_of
from services.purchasing.model.routing.coverage import NONE_CHOSEN, may_be_chosen, out_of_scope
from services.purchasing.model.routing.table import NoRoutingTable
from services.purchasing.model.texts import Cents, Command, Line, Revision, Text
from services.purchasing.store.same_need import purchases_alike
from shared.basics.calendar import local
from shared.basics.errors import FieldError, Invalid
from shared.basics.french import typo
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.database.postgres import reading
from shared.identity.person import Person
from shared.program.running import Running
from shared.reference.cpv import exists, normalise

LATEST_LAUNCH_YEARS: Final = 5
SET_ASIDE_FROM: Final = 20
"""Characters under which a reason to set an agreement aside says nothing."""


class Costs(Command):
    """The cost of one form, euro cents excluding VAT; lines that are not paid may be left out."""

    licences_cents: Cents = 0
    subscription_per_year_cents: Cents = 0
    maintenance_per_year_cents: Cents = 0
    hosting_per_year_cents: Cents = 0
    integration_cents: Cents = 0
    training_cents: Cents = 0
    renewal_fees_cents: Cents = 0

    def lines(self) -> CostLines:
        """The same, for the model."""
        return CostLines(**self.model_dump())


class QualifyPurchase(Command):
    """What the buyer learnt about a purchase; it replaces what was entered before."""

    term_years: int = Field(ge=1, le=20, description="First term of the contract, in years")
    renewal_years: int = Field(default=0, ge=0, le=20, description="Years that renewals may add")
    bought: Costs | None = None
    rented: Costs | None = None
    retained: Form | None = Field(default=None, description="The form whose total counts; it must be valued")
    exclusive_rights: ExclusiveRights = ExclusiveRights.UNKNOWN
    justification: Text = Field(default="", description="Why only one supplier can answer (art. R2122-3 CCP)")
    cpv: Line | None = Field(default=None, description="CPV 2008 code, eight digits")
    launch_on: date | None = Field(
        default=None,
        description="Launch of the purchase procedure, past where it is launched already: decides thresholds and table."
        " Agreement and direct-purchase policy must hold on the later of this day and today. Default: today",
    )
    agreement: UUID | Literal["none"] | None = Field(
        default=None,
        description="The framework agreement that covers the need, `none`, or null: by scope. `none` where one"
        " would be found by scope needs a `note` of 20 characters that says why it is set aside",
    )
    same_need: tuple[UUID, ...] = Field(
        default=(),
        max_length=50,
        description="Other purchases held for the same need: valued together (art. R2121-1 CCP)",
    )
    note: Text = ""
    revision: Revision | None = None

    @field_validator("cpv")
    @classmethod
    def _known_code(cls, code: str | None) -> str | None:
        if not code:
            return None
        if not exists(code):
            raise ValueError(
                "Ce code n’existe pas dans la nomenclature CPV 2008 : huit chiffres, par exemple 48180000."
            )
        return normalise(code)


async def qualify_purchase(
    running: Running[PurchaseFile], person: Person, case_id: UUID, command: QualifyPurchase, now: datetime
) -> Purchase:
    """The purchase with its new proposal; raises Invalid, PurchaseMoved, or what `purchase_for` and `still_open` raise."""
    ensure_buyer(person)
    same_need = await _same_need(running, person, case_id, command.same_need, now)
    purchase: Purchase = await running.decide(
        person, case_id, lambda file: decide(file, person, command, now, same_need), now
    )
    return purchase


def decide(
    file: PurchaseFile, person: Person, command: QualifyPurchase, now: datetime, same_need: tuple[SameNeed, ...] = ()
) -> Outcome[PurchaseFile]:
    """Keep the qualification and run the table again; the same content twice changes nothing."""
    purchase = still_open(purchase_for(file, person, now))
    today = local(now).date()
    qualification = Qualification(
        term_years=command.term_years,
        renewal_years=command.renewal_years,
        bought=command.bought.lines() if command.bought else None,
        rented=command.rented.lines() if command.rented else None,
        retained=command.retained,
        exclusive_rights=command.exclusive_rights,
        justification=command.justification,
        cpv=command.cpv,
        launch_on=command.launch_on or today,
        agreement=str(command.agreement) if command.agreement else None,
        same_need=same_need,
        note=command.note,
    )
    if qualification == purchase.work.qualification:
        return Outcome(file, result=purchase)
    ensure_shown(purchase, command.revision)
    work = replace(purchase.work, qualification=qualification, revision=purchase.work.revision + 1)
    purchase = replace(purchase, work=work)
    if errors := _errors(file, purchase, qualification, today):
        raise Invalid(errors=tuple(errors))
    routed, proposal = proposed(purchase, file.market, now)
    detail = {
        "amount_cents": qualification.amount_cents,
        "same_need_cents": qualification.same_need_cents,
        "years": qualification.years,
        "retained": qualification.retained,
        "exclusive_rights": qualification.exclusive_rights,
        "launch_on": qualification.launch_on,
        "agreement": qualification.agreement,
        "route": proposal.route,
        "rule": proposal.explanation.rule_id,
        "table_version": proposal.explanation.table_version,
    }
    set_aside = command.note if command.agreement == NONE_CHOSEN else ""
    reason = "\n".join(text for text in (command.justification, set_aside) if text)
    trail = TrailEntry("purchase_qualified", person.id, person.title, reason, detail)
    return Outcome(replace(file, purchase=routed), (route_proposed(routed, proposal),), (trail,), routed)


def _errors(file: PurchaseFile, purchase: Purchase, qualification: Qualification, today: date) -> list[FieldError]:
    errors = []
    valued = [form for form in Form if qualification.total_cents(form) is not None]
    if qualification.retained is not None and qualification.retained not in valued:
        errors.append(FieldError("retained", "Chiffrez la forme retenue, ou retenez celle qui est chiffrée."))
    if valued and qualification.retained is None:
        errors.append(FieldError("retained", "Dites quelle forme est retenue : son total sert à choisir la voie."))
    if qualification.amount_cents == 0:
        errors.append(FieldError("retained", "Le total de la forme retenue est nul : chiffrez au moins une ligne."))
    if qualification.exclusive_rights is ExclusiveRights.YES and len(purchase.justification) < JUSTIFIED_FROM:
        errors.append(
            FieldError("justification", f"Justifiez les droits exclusifs en {JUSTIFIED_FROM} caractères au moins.")
        )
    try:
        file.market.table_on(qualification.launch_on)
    except NoRoutingTable:
        errors.append(FieldError("launch_on", "Aucune table de décision n’était en vigueur à cette date."))
    if qualification.launch_on.year > today.year + LATEST_LAUNCH_YEARS:
        errors.append(FieldError("launch_on", f"Choisissez une date d’ici {LATEST_LAUNCH_YEARS} ans."))
    return errors + _agreement_errors(file.market, purchase, qualification, today)


def _agreement_errors(
    market: Market, purchase: Purchase, qualification: Qualification, today: date
) -> list[FieldError]:
    """A chosen agreement must cover the need; setting aside one that does needs a reason."""
    chosen = qualification.agreement
    if chosen is None:
        return []
    if chosen == NONE_CHOSEN:
        found = coverage_of(purchase, market, today, None)
        if found.usable is False or len(qualification.note) >= SET_ASIDE_FROM:
            return []
        wanted = f"Dites en {SET_ASIDE_FROM} caractères au moins pourquoi {found.title} ne convient pas."
        return [FieldError("note", typo(wanted))]
    agreement = market.agreement(UUID(chosen))
    if agreement is None or agreement.withdrawn:
        return [FieldError("agreement", "Cet accord-cadre n’existe pas, ou n’est plus proposé.")]
    if not may_be_chosen(agreement, purchase.known_need.domain, purchase.cpv):
        return [FieldError("agreement", out_of_scope(agreement))]
    return []


async def _same_need(
    running: Running[PurchaseFile], person: Person, case_id: UUID, chosen: Sequence[UUID], now: datetime
) -> tuple[SameNeed, ...]:
    """The purchases that the buyer ticked, with their amounts; raises Invalid for one that is not alike or has none."""
    if not chosen:
        return ()
    async with reading(running.pool, person.scope) as db:
        alike = {other.case_id: other for other in await purchases_alike(db, case_id, now)}
    found = []
    for wanted in sorted(set(chosen)):
        other = alike.get(wanted)
        if other is None or other.amount_cents is None:
            raise Invalid(errors=(FieldError("same_need", "Ce dossier n’est pas comparable, ou n’est pas chiffré."),))
        found.append(SameNeed(other.case_id, other.reference, other.title, other.amount_cents))
    return tuple(found)
