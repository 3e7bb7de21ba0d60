"""What no reason can override: a route whose legal ground is missing is refused, whoever asks for it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from services.purchasing.model.purchase import Purchase, PurchaseFile
from services.purchasing.model.routing.facts import AgreementKind, excluding_vat, thresholds_on
from services.purchasing.model.routing.propose import (
    CENTRAL,
    JUSTIFIED_FROM,
    coverage_of,
    exclusive_rights_of,
    known_need,
    launch_of,
    ordered_on,
)
from shared.basics.calendar import local
from shared.basics.errors import Refusal
from shared.basics.french import date_long, typo
from shared.contracts.vocabulary import LABELS, Route

KIND_OF: Final[dict[Route, AgreementKind]] = {
    Route.CENTRAL_BODY_ORDER: "order",
    Route.CENTRAL_BODY_FURTHER_COMPETITION: "further_competition",
    Route.CENTRAL_BODY_DYNAMIC_SYSTEM: "dynamic_purchasing_system",
}
RIGHTS: Final = (True, True)
"""Exclusive rights that are declared, and justified (art. R2122-3 CCP)."""


class RouteNotAllowed(Refusal):
    """The route has no legal ground here; the sentence says what is missing."""

    slug = "route-not-allowed"


def check_limits(
    file: PurchaseFile, purchase: Purchase, route: Route, agreement_id: UUID | None, now: datetime
) -> None:
    """Raise RouteNotAllowed where the route could not be taken even with a reason."""
    if route is Route.SHARED_TENDER:
        raise RouteNotAllowed(
            "Un appel d’offres mutualisé commence par un recensement : choisissez de recenser le GHT."
        )
    if route is Route.REUSE and not (purchase.review.reuse_fit or known_need(purchase).equipped):
        raise RouteNotAllowed("Aucun logiciel en service n’est nommé au dossier : il n’y a rien à réutiliser.")
    if route in CENTRAL:
        _check_agreement(file, purchase, route, agreement_id, now)
    if route is Route.NEGOTIATED_WITHOUT_COMPETITION and exclusive_rights_of(purchase, known_need(purchase)) != RIGHTS:
        raise RouteNotAllowed(
            "Déclarez d’abord, en qualifiant l’achat, que des droits exclusifs ne laissent qu’un seul fournisseur"
            f" possible, et dites pourquoi en {JUSTIFIED_FROM} caractères au moins (art. R2122-3)."
        )
    if route is Route.DIRECT_PURCHASE:
        _check_direct_purchase(file, purchase, now)


def _check_agreement(
    file: PurchaseFile, purchase: Purchase, route: Route, agreement_id: UUID | None, now: datetime
) -> None:
    agreement = file.market.agreement(agreement_id) if agreement_id else None
    if agreement is None:
        raise RouteNotAllowed("Dites à quel accord-cadre commander : qualifiez l’achat en le choisissant.")
    if agreement.kind != KIND_OF[route]:
        raise RouteNotAllowed(typo(f"{agreement.name} ne permet pas cette voie : {LABELS[route].lower()}."))
    amount = purchase.own_amount_cents
    if amount is None and agreement.ceiling_cents is not None:
        raise RouteNotAllowed("Chiffrez d’abord l’achat : cet accord-cadre a un plafond.")
    coverage = coverage_of(purchase, file.market, local(now).date(), str(agreement_id))
    if coverage.usable is False:
        raise RouteNotAllowed(coverage.reason or "Cet accord-cadre n’est plus proposé : choisissez-en un autre.")


def _check_direct_purchase(file: PurchaseFile, purchase: Purchase, now: datetime) -> None:
    today = local(now).date()
    exemption, qualified = thresholds_on(launch_of(purchase, today)).exemption, purchase.work.qualification
    amount = purchase.own_amount_cents
    if amount is None or exemption is None:
        raise RouteNotAllowed("Chiffrez d’abord l’achat : l’achat direct n’est permis que sous le seuil de dispense.")
    total = amount + (qualified.same_need_cents if qualified else 0)
    if total >= exemption.cents:
        reached = f"{excluding_vat(total)} atteignent ou dépassent le seuil de dispense : {exemption.in_words}."
        raise RouteNotAllowed(typo(reached))
    day = ordered_on(purchase, today)
    if not file.market.direct_purchase_allowed(purchase.establishment, day):
        raise RouteNotAllowed(
            typo(f"La politique d’achat de l’établissement ne permet pas l’achat direct au {date_long(day)}.")
        )
