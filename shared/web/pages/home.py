"""The home page: what this person can do."""

from dataclasses import dataclass

from litestar import get

from shared.identity.person import REVIEWERS, Role
from shared.web.http.access import SignedIn
from shared.web.pages.page import Page


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A link of the home page: which roles see it, where it leads, what it is for."""

    roles: frozenset[Role]
    service: str
    path: str
    title: str
    sentence: str


SHORTCUTS = (
    Shortcut(frozenset({Role.REQUESTER}), "request", "/demandes/nouvelle", "Demander un logiciel",
          "Décrivez votre travail, pas un produit. Le brouillon s’enregistre tout seul."),
    Shortcut(frozenset({Role.REQUESTER, Role.BUSINESS_REFERENT}), "request", "/demandes",
          "Suivre les demandes", "Où en est chaque dossier, qui l’a, et ce que la DSI attend de vous."),
    Shortcut(frozenset({Role.AUDITOR}), "request", "/demandes", "Lire les demandes",
          "Toutes, de tous les établissements : où en est chaque dossier, qui l’a, ce qui est en retard."),
    Shortcut(frozenset({Role.AUDITOR}), "review", "/instruction", "Lire l’instruction",
          "Les volets, leurs preuves, les avis, les arbitrages et leurs motifs."),
    Shortcut(frozenset({Role.AUDITOR}), "purchasing", "/achats?etat=tous", "Lire les achats",
          "La voie de chaque dossier, chaque règle essayée, et qui a décidé autrement."),
    Shortcut(REVIEWERS | {Role.COORDINATOR}, "review", "/instruction", "Instruire",
          "Les volets à prendre, les vôtres, ceux qui attendent une réponse."),
    Shortcut(frozenset({Role.BUYER}), "purchasing", "/achats", "Acheter",
          "Les dossiers à chiffrer, la voie proposée et pourquoi."),
    Shortcut(frozenset({Role.MEMBER_CONTACT}), "purchasing", "/achats", "Répondre aux recensements",
          "Dites si votre établissement se joint à un achat du GHT."),
    Shortcut(frozenset({Role.PLATFORM_OPERATOR, Role.AUDITOR}), "request", "/demandes/messages", "Messages mis de côté",
          "Ce que les services n’ont pas pu lire, avec la raison, et de quoi le rejouer."),
    Shortcut(frozenset(Role), "request", "/demandes/catalogue", "Voir le catalogue",
          "Les logiciels déjà en service dans le GHT, par domaine."),
)  # fmt: skip


@get("/")
async def home(person: SignedIn) -> Page:
    """What this person can do."""
    return Page(
        "home.html",
        {
            "person": person,
            "shortcuts": [one for one in SHORTCUTS if person.has(*one.roles)],
        },
    )
