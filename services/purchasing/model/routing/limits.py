"""What no reason can override: a route whose legal ground is missing is refused, whoever asks for it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from services.purchasing.model.purchase import Purchase, PurchaseFile
from services.purchasing.model.refusals import RouteNotAllowed
from services.purchasing.model.routing.case_facts import JUSTIFIED_FROM, coverage_of, exclusive_rights_of
from services.purchasing.model.routing.facts import excluding_vat, thresholds_on
from services.purchasing.model.routing.routes import Ground, implied
from shared.basics.calendar import local
from shared.basics.french import date_long, typo
from shared.contracts.vocabulary import Route
from shared.contracts.words import label_of

RIGHTS: Final = (True, True)
"""Exclusive rights that are declared, and justified (art. R2122-3 CCP)."""


def check_limits(file: PurchaseFile, purchase: Purchase, route: str, agreement_id: UUID | None, now: datetime) -> None:
    """Raise RouteNotAllowed where the route could not be taken even with a reason."""
    row = implied(route)
    if not row.by_hand:
        raise RouteNotAllowed(
            "Cette voie ne se choisit pas directement. Un appel d’offres mutualisé commence par un recensement :"
            " choisissez de recenser le GHT."
        )
    if row.agreement is not None:
        _check_agreement(file, purchase, route, agreement_id, now)
    if row.ground is not None:
        _GROUNDS[row.ground](file, purchase, now)


def _check_agreement(
    file: PurchaseFile, purchase: Purchase, route: str, agreement_id: UUID | None, now: datetime
) -> None:
    agreement = file.market.agreement(agreement_id) if agreement_id else None
    if agreement is None:
        raise RouteNotAllowed("Dites à quel accord-cadre commander : qualifiez l’achat en le choisissant.")
    if agreement.kind != implied(route).agreement:
        raise RouteNotAllowed(typo(f"{agreement.name} ne permet pas cette voie : {label_of(Route, route).lower()}."))
    amount = purchase.own_amount_cents
    if amount is None and agreement.ceiling_cents is not None:
        raise RouteNotAllowed("Chiffrez d’abord l’achat : cet accord-cadre a un plafond.")
    coverage = coverage_of(purchase, file.market, local(now).date(), str(agreement_id))
    if coverage.usable is False:
        raise RouteNotAllowed(coverage.reason or "Cet accord-cadre n’est plus proposé : choisissez-en un autre.")


def _check_software(_: PurchaseFile, purchase: Purchase, __: datetime) -> None:
    if not (purchase.review.reuse_fit or purchase.known_need.equipped):
        raise RouteNotAllowed("Aucun logiciel en service n’est nommé au dossier : il n’y a rien à réutiliser.")


def _check_rights(_: PurchaseFile, purchase: Purchase, __: datetime) -> None:
    if exclusive_rights_of(purchase) != RIGHTS:
        raise RouteNotAllowed(
            "Déclarez d’abord, en qualifiant l’achat, que des droits exclusifs ne laissent qu’un seul fournisseur"
            f" possible, et dites pourquoi en {JUSTIFIED_FROM} caractères au moins (art. R2122-3)."
        )


def _check_exemption(file: PurchaseFile, purchase: Purchase, now: datetime) -> None:
    today = local(now).date()
    exemption, qualified = thresholds_on(purchase.launch_on(today)).exemption, purchase.work.qualification
    amount = purchase.own_amount_cents
    if amount is None or exemption is None:
        raise RouteNotAllowed("Chiffrez d’abord l’achat : l’achat direct n’est permis que sous le seuil de dispense.")
    total = amount + (qualified.same_need_cents if qualified else 0)
    if total >= exemption.cents:
        reached = f"{excluding_vat(total)} atteignent ou dépassent le seuil de dispense : {exemption.in_words}."
        raise RouteNotAllowed(typo(reached))
    day = purchase.ordered_on(today)
    if not file.market.direct_purchase_allowed(purchase.establishment, day):
        raise RouteNotAllowed(
            typo(f"La politique d’achat de l’établissement ne permet pas l’achat direct au {date_long(day)}.")
        )


_GROUNDS: Final[Mapping[Ground, Callable[[PurchaseFile, Purchase, datetime], None]]] = {
    Ground.SOFTWARE_IN_SERVICE: _check_software,
    Ground.EXCLUSIVE_RIGHTS: _check_rights,
    Ground.BELOW_EXEMPTION: _check_exemption,
}
