"""Whether a framework agreement may serve a purchase: dates, scope, who may order, ceiling. Unknown stays unknown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.purchasing.agreement_data import BODIES, Agreement, AgreementBook
from services.purchasing.routing_facts import AgreementKind, excluding_vat
from shared.reference import cpv, directory, domains
from shared.web.french import NARROW, date_long, typo

_KINDS: tuple[AgreementKind, ...] = ("order", "further_competition", "dynamic_purchasing_system")

_MID_TERM_RISK = typo(
    " Attention : l’acheteur n’y était pas nommé au départ ; rejoindre un accord en cours est juridiquement risqué."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be bought, by whom; the amount is euro cents excluding VAT over the full term."""

    establishment: str
    domain: str
    cpv: str | None
    amount_cents: int | None
    launch: date


@dataclass(frozen=True, slots=True)
class Fit:
    """The answer for one purchase; `usable` None: it hangs on a fact that is not known. `reason` is a French sentence."""

    usable: bool | None
    reason: str
    agreement: Agreement | None = None

    @property
    def kind(self) -> AgreementKind | None:
        return self.agreement.kind if self.agreement else None


def best_fit(book: AgreementBook, wanted: Wanted) -> Fit:
    """The first usable agreement: UniHA, Resah, UGAP, CAIH, in this order; else why those in scope do not serve."""
    in_scope = [agreement for agreement in book.agreements if concerns(agreement, wanted)]
    fits = [fit(agreement, book.buyers(agreement), wanted) for agreement in _in_order(in_scope)]
    for answer in (True, None):
        for found in fits:
            if found.usable is answer:
                return found
    if not fits:
        return Fit(False, "Aucun accord-cadre saisi ne couvre ce domaine.")
    return Fit(False, " ".join(found.reason for found in fits))


def concerns(agreement: Agreement, wanted: Wanted) -> bool:
    """Same domain, and a CPV code that the scope covers (the domain's usual codes where the purchase has none)."""
    codes = (wanted.cpv,) if wanted.cpv else domains.domain(wanted.domain).cpv
    in_domain = not agreement.domains or wanted.domain in agreement.domains
    return in_domain and any(cpv.covers(scope, code) for scope in agreement.scope_cpv for code in codes)


def fit(agreement: Agreement, buyers: tuple[str, ...], wanted: Wanted) -> Fit:
    """Whether this agreement, which concerns the purchase, may be ordered from on the launch date."""
    name = typo(f"{agreement.body}, « {agreement.title} »")
    if wanted.launch < agreement.valid_from:
        return Fit(False, f"{name}{NARROW}: ne commence que le {date_long(agreement.valid_from)}.")
    if agreement.valid_to < wanted.launch:
        return Fit(False, f"{name}{NARROW}: accord expiré le {date_long(agreement.valid_to)}.")
    ght = directory.ght_of(wanted.establishment, wanted.launch)
    if wanted.establishment not in buyers and (ght is None or ght.code not in buyers):
        return Fit(False, f"{name}{NARROW}: l’établissement ne figure pas parmi ceux qui peuvent commander.")
    left = _left(agreement)
    if left is not None:
        if wanted.amount_cents is None and left > 0:
            return Fit(
                None, f"{name}{NARROW}: reste {excluding_vat(left)}, mais le coût complet est inconnu.", agreement
            )
        if left <= 0 or (wanted.amount_cents or 0) > left:
            return Fit(False, f"{name}{NARROW}: le plafond ne laisse que {excluding_vat(max(left, 0))}.")
    risk = "" if agreement.named_at_start is not False else _MID_TERM_RISK
    until = f"{name}{NARROW}: en vigueur jusqu’au {date_long(agreement.valid_to)}, l’établissement peut commander."
    return Fit(True, until + risk, agreement)


def _left(agreement: Agreement) -> int | None:
    if agreement.ceiling_cents is None or agreement.consumed_cents is None:
        return None
    return agreement.ceiling_cents - agreement.consumed_cents


def _in_order(agreements: Iterable[Agreement]) -> list[Agreement]:
    return sorted(agreements, key=lambda a: (BODIES.index(a.body), _KINDS.index(a.kind), a.reference))
