"""The one table of routes: what each implies in purchasing. Their names and labels are in `shared.contracts.vocabulary`.

A new route is a row there, a row here and its rule in `data/routing_table.json`; sentences of its own, if it needs any,
stand in `words.py`.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

import msgspec

from services.purchasing.model.routing.facts import AgreementKind
from shared.contracts.vocabulary import Route
from shared.contracts.words import Words


class Procedure(Words):
    """How much publicity and competition a purchase needs."""

    NONE = "none", "Aucune procédure d’achat"
    ENTRUSTED = "entrusted_to_central_body", "Obligations remplies par la centrale d’achat"
    WITHOUT_COMPETITION = "without_competition", "Sans publicité ni mise en concurrence"
    BELOW_EXEMPTION = "below_exemption", "Dispense de publicité et de mise en concurrence"
    ADAPTED = "adapted", "Procédure adaptée, publicité choisie par l’acheteur"
    ADAPTED_WITH_PUBLICITY = (
        "adapted_with_publicity",
        "Procédure adaptée avec publicité au BOAMP ou dans un journal d’annonces légales",
    )
    FORMAL = "formal", "Procédure formalisée"
    UNDETERMINED = "undetermined", "À déterminer"


class Ground(Enum):
    """What the file must hold before a route may be taken, whatever the reason given: checked by `limits`."""

    SOFTWARE_IN_SERVICE = auto()
    EXCLUSIVE_RIGHTS = auto()
    BELOW_EXEMPTION = auto()


class Implied(msgspec.Struct, frozen=True, kw_only=True):
    """What a route implies. The defaults are those of a purchase whose procedure follows from its amount."""

    procedure: tuple[Procedure, str] | None = None
    """The procedure of the route and why; None: by the amount."""
    agreement: AgreementKind | None = None
    """The kind of framework agreement that it orders from."""
    ground: Ground | None = None
    buys: bool = True
    """Whether there is a contract to award in the end."""
    by_hand: bool = True
    """Whether the buyer may choose it."""
    volumes_add: bool = False
    """Whether the volumes of other members add to the amount."""
    may_ask_members: bool = False
    """Whether the members may be asked to buy together before it is decided."""
    asks_for: tuple[Route, Route] | None = None
    """The members are asked first: the route where some join, and the route where nobody does."""


_ENTRUSTED: Final = (
    Procedure.ENTRUSTED,
    "Obligations remplies par la centrale pour ce qui lui est confié (art. L2113-4 du code de la commande publique).",
)
ROUTES: Final[Mapping[str, Implied]] = {
    Route.NO_PURCHASE: Implied(procedure=(Procedure.NONE, "Rien n’est acheté."), buys=False),
    Route.REUSE: Implied(
        procedure=(
            Procedure.NONE,
            "Le logiciel est déjà acquis\u202f: seule son extension se commande, dans son marché.",
        ),
        ground=Ground.SOFTWARE_IN_SERVICE,
        buys=False,
    ),
    Route.CENTRAL_BODY_ORDER: Implied(procedure=_ENTRUSTED, agreement=AgreementKind.ORDER),
    Route.CENTRAL_BODY_FURTHER_COMPETITION: Implied(
        procedure=_ENTRUSTED, agreement=AgreementKind.FURTHER_COMPETITION, may_ask_members=True
    ),
    Route.CENTRAL_BODY_DYNAMIC_SYSTEM: Implied(procedure=_ENTRUSTED, agreement=AgreementKind.DYNAMIC_PURCHASING_SYSTEM),
    Route.NEGOTIATED_WITHOUT_COMPETITION: Implied(
        procedure=(
            Procedure.WITHOUT_COMPETITION,
            "Négociation avec le seul fournisseur possible (art. R2122-3 du code de la commande publique).",
        ),
        ground=Ground.EXCLUSIVE_RIGHTS,
    ),
    Route.DIRECT_PURCHASE: Implied(ground=Ground.BELOW_EXEMPTION),
    Route.GHT_CENSUS: Implied(asks_for=(Route.SHARED_TENDER, Route.OWN_TENDER)),
    Route.SHARED_TENDER: Implied(by_hand=False, volumes_add=True),
    Route.OWN_TENDER: Implied(),
}
if missing := set(Route) - set(ROUTES):
    raise RuntimeError(f"routes without a row in {__name__}: {', '.join(sorted(missing))}")

OF_A_LATER_VERSION: Final = Implied(
    procedure=(
        Procedure.UNDETERMINED,
        "Cette voie vient d’une version plus récente\u202f: sa procédure n’est pas connue ici.",
    ),
    by_hand=False,
)


def implied(route: str) -> Implied:
    """What a route implies; one that a later version added is shown, and cannot be chosen here."""
    return ROUTES.get(route, OF_A_LATER_VERSION)
