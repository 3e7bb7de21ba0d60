"""Which framework agreement covers a need, and whether the establishment may order from it: each agreement gets its reason."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from textwrap import shorten
from typing import Final
from uuid import UUID

import msgspec

from services.purchasing.model.market import BODIES, Agreement, Market, MayOrder
from services.purchasing.model.routing.facts import AgreementKind, excluding_vat
from shared.basics.french import date_long, typo
from shared.reference.cpv import covers, exists
from shared.reference.domains import domains

NONE_CHOSEN: Final = "none"
_PLACE: Final[dict[str, int]] = {word: place for place, word in enumerate((*BODIES, *AgreementKind))}
_LAST: Final = len(_PLACE)
_REMEMBERED = 4096
QUOTED: Final = 300
"""Characters of the buyer's reason that an explanation quotes; the trail keeps the whole."""
MID_TERM: Final = typo(
    "Le GHT n’était pas nommé au départ de cet accord-cadre : le rejoindre en cours est juridiquement risqué"
    " (rapport parlementaire, MECSS)."
)
NAMED_UNKNOWN: Final = typo(
    "Vérifiez que le GHT était nommé au départ de cet accord-cadre : personne ne l’a encore relevé."
)
CEILING_UNKNOWN: Final = ", plafond inconnu : à vérifier auprès de la centrale"
EXAMPLE: Final = typo("Cet accord-cadre est un exemple : il n’existe pas.")


class Coverage(msgspec.Struct, frozen=True):
    """What the decision table is told of agreements; `usable` None: somebody must first read who may order.

    `capped`: its ceiling is known, so that an order needs an amount.
    """

    usable: bool | None
    kind: str | None = None
    agreement_id: UUID | None = None
    title: str = ""
    reason: str = ""
    warnings: tuple[str, ...] = ()
    capped: bool = False


def cover(
    market: Market,
    *,
    establishment: str,
    domain: str,
    cpv: str | None,
    amount_cents: int | None,
    on: date,
    chosen: str | None = None,
    set_aside: str = "",
) -> Coverage:
    """The first agreement usable on a day, in the order of the central bodies; else why each one in scope is not."""
    if chosen == NONE_CHOSEN:
        found = cover(market, establishment=establishment, domain=domain, cpv=cpv, amount_cents=amount_cents, on=on)
        return Coverage(False, reason=_written(_aside(found, set_aside)))
    candidates: Iterable[Agreement] = _in_scope(market, domain, cpv)
    if chosen is not None:
        candidates = [a for a in market.agreements if str(a.agreement_id) == chosen and not a.withdrawn]
        for agreement in candidates:
            if not may_be_chosen(agreement, domain, cpv):
                return Coverage(False, reason=out_of_scope(agreement))
    reasons: list[str] = []
    doubtful: Coverage | None = None
    for agreement in candidates:
        usable, why = _usable(agreement, establishment, amount_cents, on)
        if usable:
            return _found(True, agreement, why)
        if usable is None and doubtful is None:
            doubtful = _found(None, agreement, why)
        reasons.append(f"{agreement.name} : {why}")
    if doubtful is not None:
        return doubtful
    return Coverage(False, reason=_written(" · ".join(reasons) + ".") if reasons else "")


def may_be_chosen(agreement: Agreement, domain: str, cpv: str | None) -> bool:
    """Whether the scope of an agreement covers a need, or nobody has entered any scope yet."""
    return not (agreement.cpv or agreement.domains) or _is_about(agreement, domain, _codes(domain, cpv))


def out_of_scope(agreement: Agreement) -> str:
    """What to do with an agreement that was chosen for a need outside its scope."""
    return _written(
        f"{agreement.name} ne couvre pas ce besoin : corrigez le code CPV du besoin, ou le périmètre de l’accord-cadre."
    )


def _aside(found: Coverage, because: str) -> str:
    """Why the agreement that the search finds is not used: the buyer chose none."""
    if found.usable is False:
        return "L’acheteur a écarté les accords-cadres pour ce besoin."
    words = shorten(because, QUOTED, placeholder=" […]").rstrip(".")
    return f"{found.title} : écarté par l’acheteur{' : ' if words else ''}{words}."


def _found(usable: bool | None, agreement: Agreement, why: str) -> Coverage:
    reason = _written(f"{agreement.name} : {why}.")
    return Coverage(
        usable,
        agreement.kind,
        agreement.agreement_id,
        agreement.name,
        reason,
        _warnings(agreement),
        capped=agreement.ceiling_cents is not None,
    )


def _warnings(agreement: Agreement) -> tuple[str, ...]:
    said = () if agreement.named_at_start else (NAMED_UNKNOWN if agreement.named_at_start is None else MID_TERM,)
    return (*said, EXAMPLE) if agreement.example else said


def _usable(agreement: Agreement, establishment: str, amount: int | None, on: date) -> tuple[bool | None, str]:
    if on > agreement.valid_to:
        return False, f"expiré le {_long(agreement.valid_to)}"
    if on < agreement.valid_from:
        return False, f"en vigueur à partir du {_long(agreement.valid_from)} seulement"
    if agreement.may_order == MayOrder.LISTED and establishment not in agreement.orderers:
        return False, "l’établissement n’est pas autorisé à y commander"
    left = agreement.left_cents
    if left is not None and (left <= 0 or (amount is not None and amount > left)):
        needed = "" if amount is None else f" pour un besoin de {excluding_vat(amount)}"
        return False, f"plafond dépassé, il reste {excluding_vat(max(left, 0))}{needed}"
    if agreement.may_order == MayOrder.UNKNOWN:
        return None, "personne n’a encore vérifié que l’établissement peut y commander"
    room = CEILING_UNKNOWN if left is None else f", il reste {excluding_vat(left)} sous son plafond"
    if not (agreement.cpv or agreement.domains):
        room += ", périmètre inconnu : vérifiez qu’il couvre ce besoin"
    return True, f"en vigueur jusqu’au {_long(agreement.valid_to)}, l’établissement peut y commander{room}"


def _in_scope(market: Market, domain: str, cpv: str | None) -> tuple[Agreement, ...]:
    key = (domain, cpv)
    found = market.in_scope.get(key)
    if found is None:
        if len(market.in_scope) >= _REMEMBERED:
            market.in_scope.clear()
        codes = _codes(domain, cpv)
        matching = [a for a in market.agreements if not a.withdrawn and _is_about(a, domain, codes)]
        matching.sort(key=lambda a: (_PLACE.get(a.body, _LAST), _PLACE.get(a.kind, _LAST), -a.valid_to.toordinal()))
        found = market.in_scope[key] = tuple(matching)
    return found


def _codes(domain: str, cpv: str | None) -> tuple[str, ...]:
    return (cpv,) if cpv and exists(cpv) else usual_cpv(domain)


def _is_about(agreement: Agreement, domain: str, codes: tuple[str, ...]) -> bool:
    """Both scopes hold where both are given; an agreement without any scope covers nothing."""
    if agreement.domains and domain not in agreement.domains:
        return False
    if agreement.cpv:
        return any(covers(scope, code) for scope in agreement.cpv for code in codes)
    return bool(agreement.domains)


def usual_cpv(domain: str) -> tuple[str, ...]:
    """The CPV codes that software of a business domain usually has; none for an unknown domain."""
    known = domains().get(domain)
    return known.cpv if known else ()


@lru_cache(maxsize=2048)
def _written(sentence: str) -> str:
    return typo(sentence)


@lru_cache(maxsize=1024)
def _long(day: date) -> str:
    return date_long(day)
