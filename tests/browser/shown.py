"""Every page of the site, and who looks at it; `{names}` are those of the exhibits."""

from typing import Final, NamedTuple


class Shown(NamedTuple):
    """A page as somebody sees it; `status` is that of its answer."""

    account: str
    service: str
    path: str
    status: int = 200

    def __str__(self) -> str:
        return f"{self.account} {self.path}"


PAGES: Final = (
    *(
        Shown("requester-roanne", "request", path)
        for path in (
            "/connexion",
            "/",
            "/demandes",
            "/demandes?statut=retirees",
            "/demandes/nouvelle",
            "/demandes/{draft}/nature",
            "/demandes/{draft}/besoin",
            "/demandes/{draft}/utilisateurs",
            "/demandes/{draft}/continuite",
            "/demandes/{draft}/verification",
            "/demandes/{begun}/besoin",
            "/demandes/{begun}/verification",
            "/demandes/{draft}",
            "/demandes/{asked}",
            "/demandes/{asked}/retrait",
            "/demandes/{refused}",
            "/demandes/{census}",
            "/demandes/{routed}",
            "/demandes/catalogue",
            "/demandes/catalogue?q=introuvable+partout",
        )
    ),
    *(
        Shown("rssi", "review", path)
        for path in (
            "/instruction",
            "/instruction/security",
            "/instruction/security?etat=retard",
            "/instruction/security?etat=clos",
            "/instruction/dossiers/{worked}/security",
            "/instruction/dossiers/{asked}/security",
            "/instruction/dossiers/{fresh}/security",
            "/instruction/dossiers/{routed}/security",
        )
    ),
    Shown("reviewer-functional", "review", "/instruction/dossiers/{fresh}/functional"),
    *(
        Shown("coordinator", "review", path)
        for path in (
            "/instruction",
            "/instruction/dossiers/{worked}",
            "/instruction/dossiers/{routed}",
            "/instruction/absences",
            "/instruction/absences/{absence}/supprimer",
        )
    ),
    *(
        Shown("buyer", "purchasing", path)
        for path in (
            "/achats",
            "/achats?etat=tous",
            "/achats/dossiers/{to_qualify}",
            "/achats/dossiers/{to_qualify}/qualification",
            "/achats/dossiers/{to_confirm}",
            "/achats/dossiers/{to_confirm}/voie",
            "/achats/dossiers/{census}",
            "/achats/dossiers/{routed}",
            "/achats/dossiers/{routed}/marche",
            "/achats/dossiers/{awarded}",
            "/achats/recensements",
            "/achats/accords",
            "/achats/accords/nouveau",
            "/achats/accords/{agreement}",
            "/achats/accords/{agreement}/retrait",
            "/achats/echeances",
            "/achats/regles",
            "/achats/regles/publier",
            "/achats/seuils",
            "/achats/politiques",
        )
    ),
    Shown("contact-chu", "purchasing", "/achats/recensements"),
    Shown("contact-chu", "purchasing", "/achats/recensements/{census}"),
    Shown("auditor", "request", "/"),
    Shown("auditor", "request", "/demandes"),
    Shown("auditor", "purchasing", "/achats/dossiers/{to_confirm}"),
    Shown("operator", "request", "/"),
    Shown("operator", "request", "/demandes/messages"),
    Shown("operator", "request", "/demandes/messages/{parked}"),
    Shown("operator", "review", "/instruction/messages"),
    Shown("requester-roanne", "review", "/instruction", status=403),
    Shown("requester-roanne", "request", "/nulle-part", status=404),
)
