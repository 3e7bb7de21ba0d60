"""The home page: what this person can do, and where."""

from dataclasses import dataclass

from litestar import get

from shared.identity.person import REVIEWERS, Role
from shared.web.http.access import SignedIn
from shared.web.pages.page import Page


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing to do from the home page."""

    roles: frozenset[Role]
    service: str
    path: str
    title: str
    sentence: str


DOINGS = (
    Doing(frozenset({Role.REQUESTER}), "request", "/demandes/nouvelle", "Demander un logiciel",
          "Décrivez votre travail, pas un produit. Le brouillon s’enregistre tout seul."),
    Doing(frozenset({Role.REQUESTER, Role.BUSINESS_REFERENT}), "request", "/demandes",
          "Suivre les demandes", "Où en est chaque dossier, qui l’a, et ce que la DSI attend de vous."),
    Doing(frozenset({Role.AUDITOR}), "request", "/demandes", "Lire les demandes",
          "Toutes, de tous les établissements : où en est chaque dossier, qui l’a, ce qui est en retard."),
    Doing(frozenset({Role.AUDITOR}), "review", "/instruction", "Lire l’instruction",
          "Les volets, leurs preuves, les avis, les arbitrages et leurs motifs."),
    Doing(frozenset({Role.AUDITOR}), "purchasing", "/achats?etat=tous", "Lire les achats",
          "La voie de chaque dossier, chaque règle essayée, et qui a décidé autrement."),
    Doing(REVIEWERS | {Role.COORDINATOR}, "review", "/instruction", "Instruire",
          "Les volets à prendre, les vôtres, ceux qui attendent une réponse."),
    Doing(frozenset({Role.BUYER}), "purchasing", "/achats", "Acheter",
          "Les dossiers à chiffrer, la voie proposée et pourquoi."),
    Doing(frozenset({Role.MEMBER_CONTACT}), "purchasing", "/achats", "Répondre aux recensements",
          "Dites si votre établissement se joint à un achat du GHT."),
    Doing(frozenset({Role.PLATFORM_OPERATOR, Role.AUDITOR}), "request", "/demandes/messages", "Messages mis de côté",
          "Ce que les services n’ont pas pu lire, avec la raison, et de quoi le rejouer."),
    Doing(frozenset(Role), "request", "/demandes/catalogue", "Voir le catalogue",
          "Les logiciels déjà en service dans le GHT, par domaine."),
)  # fmt: skip


@get("/")
async def home(person: SignedIn) -> Page:
    """What this person can do."""
    return Page(
        "home.html",
        {
            "person": person,
            "doings": [doing for doing in DOINGS if person.has(*doing.roles)],
        },
    )
