"""The words that cross service borders. Values are what stands in events and in the APIs; labels on screen are French."""

from enum import StrEnum


class RequestKind(StrEnum):
    """The five kinds of request."""

    NEW = "new"
    EXTENSION = "extension"
    REPLACEMENT = "replacement"
    RENEWAL = "renewal"
    RETIREMENT = "retirement"


class DataClass(StrEnum):
    """The most sensitive data that the software would handle."""

    NONE = "none"
    PERSONAL = "personal"
    HEALTH = "health"


class Urgency(StrEnum):
    """How urgent the requester says it is; anything above normal comes with a reason."""

    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


class CheckKind(StrEnum):
    """The checks of a review, each with its own queue."""

    FUNCTIONAL = "functional"
    INFRASTRUCTURE = "infrastructure"
    SKILLS = "skills"
    SECURITY = "security"
    PRIVACY = "privacy"


class Opinion(StrEnum):
    """What a reviewer concludes on one check."""

    FAVOURABLE = "favourable"
    FAVOURABLE_WITH_CONDITIONS = "favourable_with_conditions"
    UNFAVOURABLE = "unfavourable"


class Verdict(StrEnum):
    """What the opinions add up to."""

    FAVOURABLE = "favourable"
    FAVOURABLE_WITH_CONDITIONS = "favourable_with_conditions"
    UNFAVOURABLE = "unfavourable"


class Route(StrEnum):
    """How the software is acquired (voie d'achat)."""

    NO_PURCHASE = "no_purchase"
    REUSE = "reuse"
    CENTRAL_BODY_ORDER = "central_body_order"
    CENTRAL_BODY_FURTHER_COMPETITION = "central_body_further_competition"
    CENTRAL_BODY_DYNAMIC_SYSTEM = "central_body_dynamic_system"
    NEGOTIATED_WITHOUT_COMPETITION = "negotiated_without_competition"
    DIRECT_PURCHASE = "direct_purchase"
    GHT_CENSUS = "ght_census"
    SHARED_TENDER = "shared_tender"
    OWN_TENDER = "own_tender"


class CensusAnswer(StrEnum):
    """What a member of the GHT says to a census; silence at the deadline is NOT_JOINING."""

    JOINING = "joining"
    NOT_JOINING = "not_joining"
    ALREADY_EQUIPPED = "already_equipped"


LABELS: dict[StrEnum, str] = {
    RequestKind.NEW: "Nouveau logiciel",
    RequestKind.EXTENSION: "Extension d’un logiciel en service",
    RequestKind.REPLACEMENT: "Remplacement",
    RequestKind.RENEWAL: "Renouvellement",
    RequestKind.RETIREMENT: "Retrait",
    DataClass.NONE: "Aucune donnée personnelle",
    DataClass.PERSONAL: "Données personnelles",
    DataClass.HEALTH: "Données de santé",
    Urgency.NORMAL: "Normale",
    Urgency.HIGH: "Élevée",
    Urgency.CRITICAL: "Critique",
    CheckKind.FUNCTIONAL: "Fonctionnel",
    CheckKind.INFRASTRUCTURE: "Infrastructure",
    CheckKind.SKILLS: "Compétences",
    CheckKind.SECURITY: "Sécurité",
    CheckKind.PRIVACY: "Protection des données",
    Opinion.FAVOURABLE: "Favorable",
    Opinion.FAVOURABLE_WITH_CONDITIONS: "Favorable avec réserves",
    Opinion.UNFAVOURABLE: "Défavorable",
    Verdict.FAVOURABLE: "Favorable",
    Verdict.FAVOURABLE_WITH_CONDITIONS: "Favorable avec réserves",
    Verdict.UNFAVOURABLE: "Défavorable",
    Route.NO_PURCHASE: "Aucun achat",
    Route.REUSE: "Réutiliser un logiciel du GHT",
    Route.CENTRAL_BODY_ORDER: "Commander à une centrale d’achat",
    Route.CENTRAL_BODY_FURTHER_COMPETITION: "Marché subséquent d’une centrale d’achat",
    Route.CENTRAL_BODY_DYNAMIC_SYSTEM: "Système d’acquisition dynamique d’une centrale d’achat",
    Route.NEGOTIATED_WITHOUT_COMPETITION: "Marché négocié sans mise en concurrence",
    Route.DIRECT_PURCHASE: "Achat direct sous le seuil de dispense",
    Route.GHT_CENSUS: "Recenser le GHT avant un appel d’offres",
    Route.SHARED_TENDER: "Appel d’offres mutualisé",
    Route.OWN_TENDER: "Appel d’offres de l’établissement",
    CensusAnswer.JOINING: "Se joint à l’appel d’offres",
    CensusAnswer.NOT_JOINING: "Ne se joint pas",
    CensusAnswer.ALREADY_EQUIPPED: "Déjà équipé",
}
