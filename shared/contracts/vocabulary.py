"""The words that cross service borders: one table each. What a word implies stands in the `model/` of its owner."""

from typing import Annotated

from shared.contracts.words import Tone, Words, open_word


class RequestKind(Words):
    """The five kinds of request."""

    NEW = "new", "Nouveau logiciel"
    EXTENSION = "extension", "Extension d’un logiciel en service"
    REPLACEMENT = "replacement", "Remplacement"
    RENEWAL = "renewal", "Renouvellement"
    RETIREMENT = "retirement", "Retrait"


class DataClass(Words):
    """The most sensitive data that the software would handle."""

    NONE = "none", "Aucune donnée personnelle"
    PERSONAL = "personal", "Données personnelles", "info"
    HEALTH = "health", "Données de santé", "warn"


class Urgency(Words):
    """How urgent the requester says it is; anything above normal comes with a reason."""

    NORMAL = "normal", "Normale"
    HIGH = "high", "Élevée", "warn"
    CRITICAL = "critical", "Critique", "bad"


class CheckKind(Words):
    """The checks of a review, each with its own queue."""

    FUNCTIONAL = "functional", "Fonctionnel"
    INFRASTRUCTURE = "infrastructure", "Infrastructure"
    SKILLS = "skills", "Compétences"
    SECURITY = "security", "Sécurité"
    PRIVACY = "privacy", "Protection des données"


class Opinion(Words):
    """What a reviewer concludes on one check."""

    FAVOURABLE = "favourable", "Favorable", "good"
    FAVOURABLE_WITH_CONDITIONS = "favourable_with_conditions", "Favorable avec réserves", "warn"
    UNFAVOURABLE = "unfavourable", "Défavorable", "bad"


class Verdict(Words):
    """What the opinions add up to."""

    FAVOURABLE = "favourable", "Favorable", "good"
    FAVOURABLE_WITH_CONDITIONS = "favourable_with_conditions", "Favorable avec réserves", "warn"
    UNFAVOURABLE = "unfavourable", "Défavorable", "bad"


class Route(Words):
    """How the software is acquired (voie d'achat)."""

    NO_PURCHASE = "no_purchase", "Aucun achat"
    REUSE = "reuse", "Réutiliser un logiciel du GHT"
    CENTRAL_BODY_ORDER = "central_body_order", "Commander à une centrale d’achat"
    CENTRAL_BODY_FURTHER_COMPETITION = "central_body_further_competition", "Marché subséquent d’une centrale d’achat"
    CENTRAL_BODY_DYNAMIC_SYSTEM = (
        "central_body_dynamic_system",
        "Système d’acquisition dynamique d’une centrale d’achat",
    )
    NEGOTIATED_WITHOUT_COMPETITION = "negotiated_without_competition", "Marché négocié sans mise en concurrence"
    DIRECT_PURCHASE = "direct_purchase", "Achat direct sous le seuil de dispense"
    GHT_CENSUS = "ght_census", "Recenser le GHT avant un appel d’offres"
    SHARED_TENDER = "shared_tender", "Appel d’offres mutualisé"
    OWN_TENDER = "own_tender", "Appel d’offres de l’établissement"


class CensusAnswer(Words):
    """What a member of the GHT says to a census; silence at the deadline is NOT_JOINING."""

    JOINING = "joining", "Se joint à l’appel d’offres", "good"
    NOT_JOINING = "not_joining", "Ne se joint pas"
    ALREADY_EQUIPPED = "already_equipped", "Déjà équipé", "info"


class Role(Words):
    """What a person may do; the value goes into tokens and says in events for whom a task is.

    The fourth column of a reviewer's role is the kind of check whose queue it works: one role for each kind.
    """

    works: CheckKind | None

    def __init__(self, _value: str, _label: str = "", _tone: Tone = "plain", works: CheckKind | None = None) -> None:
        self.works = works

    REQUESTER = "requester", "Demandeur"
    BUSINESS_REFERENT = "business_referent", "Référent métier"
    REVIEWER_FUNCTIONAL = "reviewer_functional", "Instructeur fonctionnel", "plain", CheckKind.FUNCTIONAL
    REVIEWER_INFRASTRUCTURE = "reviewer_infrastructure", "Instructeur infrastructure", "plain", CheckKind.INFRASTRUCTURE
    REVIEWER_SKILLS = "reviewer_skills", "Instructeur compétences", "plain", CheckKind.SKILLS
    RSSI = "rssi", "Responsable de la sécurité (RSSI)", "plain", CheckKind.SECURITY
    DPO = "dpo", "Délégué à la protection des données (DPO)", "plain", CheckKind.PRIVACY
    COORDINATOR = "coordinator", "Coordination DSI"
    BUYER = "buyer", "Acheteur"
    MEMBER_CONTACT = "member_contact", "Correspondant d’établissement"
    AUDITOR = "auditor", "Auditeur"
    DIRECTOR = "director", "Directeur d’établissement"
    HEAD_OF_DEPARTMENT = "head_of_department", "Responsable de service"
    SOFTWARE_REFERENT = "software_referent", "Référent logiciel"
    SECURITY_REFERENT = "security_referent", "Référent sécurité logicielle"
    IT_OPERATIONS = "it_operations", "Exploitation informatique"
    PLATFORM_OPERATOR = "platform_operator", "Exploitation de la plateforme"


AnyRequestKind = Annotated[str, open_word(RequestKind)]
AnyDataClass = Annotated[str, open_word(DataClass)]
AnyUrgency = Annotated[str, open_word(Urgency)]
AnyCheckKind = Annotated[str, open_word(CheckKind)]
AnyOpinion = Annotated[str, open_word(Opinion)]
AnyVerdict = Annotated[str, open_word(Verdict)]
AnyRoute = Annotated[str, open_word(Route)]
AnyCensusAnswer = Annotated[str, open_word(CensusAnswer)]
AnyRole = Annotated[str, open_word(Role)]

LABELS: dict[str, str] = {
    word: word.label
    for words in (RequestKind, DataClass, Urgency, CheckKind, Opinion, Verdict, Route, CensusAnswer)
    for word in words
}
