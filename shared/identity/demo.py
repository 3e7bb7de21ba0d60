"""Demo accounts of local mode: every role, in several establishments of one real GHT (Loire)."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.identity.person import Person, Role

SUPPORT = "420784878"
"""CHU de Saint-Étienne, support establishment of the GHT Loire."""

ESTABLISHMENTS: dict[str, str] = {
    SUPPORT: "CHU de Saint-Étienne",
    "420780033": "CH de Roanne",
    "420780652": "CH de Firminy (hôpital Le Corbusier)",
    "420780660": "CH Georges-Claudinon",
    "420002495": "Hôpital du Gier",
    "420013831": "CH du Forez",
}
"""FINESS code and short name of the establishments that have demo accounts."""

EVERYWHERE = frozenset(ESTABLISHMENTS)
_SLUGS = {
    SUPPORT: "chu",
    "420780033": "roanne",
    "420780652": "firminy",
    "420780660": "claudinon",
    "420002495": "gier",
    "420013831": "forez",
}


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account: the person, the group it is listed under, and what one can do with it, in French."""

    person: Person
    group: str
    does: str


def _account(
    slug: str,
    title: str,
    roles: set[Role],
    group: str,
    does: str,
    *,
    department: str = "Direction des systèmes d’information",
    establishment: str = SUPPORT,
    sees: frozenset[str] = EVERYWHERE,
) -> Account:
    person = Person(slug, title, frozenset(roles), establishment, department, sees | {establishment})
    return Account(person, group, does)


def _requester(establishment: str, title: str, department: str) -> Account:
    does = "Écrit une demande, répond aux questions, suit son dossier"
    return _account(
        f"requester-{_SLUGS[establishment]}", title, {Role.REQUESTER}, ASK, does,
        department=department, establishment=establishment, sees=frozenset(),
    )  # fmt: skip


def _contact(establishment: str) -> Account:
    return _account(
        f"contact-{_SLUGS[establishment]}", "Correspondant GHT", {Role.MEMBER_CONTACT}, BUY,
        "Répond aux recensements pour son établissement",
        department="Direction", establishment=establishment, sees=frozenset(),
    )  # fmt: skip


ASK, REVIEW, BUY, GOVERN, WATCH = "Demander", "Instruire", "Acheter", "Diriger et faire vivre", "Contrôler et exploiter"

_REVIEWERS = (
    _account(
        "reviewer-functional", "Chef de projet applications", {Role.REVIEWER_FUNCTIONAL}, REVIEW,
        "Étudie le volet fonctionnel de tous les établissements",
    ),
    _account(
        "reviewer-functional-2", "Analyste métier, aussi demandeur", {Role.REVIEWER_FUNCTIONAL, Role.REQUESTER}, REVIEW,
        "Étudie le volet fonctionnel ; ne peut pas instruire sa propre demande",
    ),
    _account(
        "reviewer-functional-roanne", "Chef de projet applications, Roanne", {Role.REVIEWER_FUNCTIONAL}, REVIEW,
        "Étudie le volet fonctionnel du seul CH de Roanne", establishment="420780033", sees=frozenset(),
    ),
    _account(
        "reviewer-infrastructure", "Architecte technique", {Role.REVIEWER_INFRASTRUCTURE}, REVIEW,
        "Étudie le volet infrastructure",
    ),
    _account(
        "reviewer-infrastructure-2", "Ingénieur systèmes, aussi demandeur",
        {Role.REVIEWER_INFRASTRUCTURE, Role.REQUESTER}, REVIEW,
        "Étudie le volet infrastructure ; remplace l’architecte",
    ),
    _account(
        "reviewer-skills", "Responsable du support applicatif", {Role.REVIEWER_SKILLS}, REVIEW,
        "Étudie le volet compétences",
    ),
    _account(
        "reviewer-skills-2", "Responsable de la formation, aussi demandeur", {Role.REVIEWER_SKILLS, Role.REQUESTER},
        REVIEW, "Étudie le volet compétences ; remplace le responsable du support",
    ),
    _account("rssi", "Responsable de la sécurité (RSSI)", {Role.RSSI}, REVIEW, "Étudie et rend le volet sécurité"),
    _account(
        "rssi-2", "RSSI adjoint, aussi demandeur", {Role.RSSI, Role.REQUESTER}, REVIEW,
        "Remplace le RSSI ; ne peut pas instruire sa propre demande",
    ),
    _account(
        "dpo", "Délégué à la protection des données (DPO)", {Role.DPO}, REVIEW,
        "Étudie et rend le volet vie privée", department="Direction générale",
    ),
    _account(
        "dpo-2", "DPO adjoint, aussi demandeur", {Role.DPO, Role.REQUESTER}, REVIEW,
        "Remplace le DPO ; ne peut pas instruire sa propre demande", department="Direction générale",
    ),
)  # fmt: skip


def _reviewers() -> Iterator[Account]:
    """Those above, and two for each reviewer's role that nobody there has: a colleague stands in, and asks as well."""
    yield from _REVIEWERS
    for role in Role:
        if role.works and not any(account.person.has(role) for account in _REVIEWERS):
            slug, checks = role.value.replace("_", "-"), f"Étudie le volet {role.works.label.lower()}"
            yield _account(slug, role.label, {role}, REVIEW, checks)
            yield _account(
                f"{slug}-2", f"{role.label}, aussi demandeur", {role, Role.REQUESTER}, REVIEW,
                f"{checks} ; ne peut pas instruire sa propre demande",
            )  # fmt: skip


_ACCOUNTS = (
    _requester(SUPPORT, "Cadre de santé, bloc opératoire", "Bloc opératoire"),
    _requester("420780033", "Pharmacien, pharmacie à usage intérieur", "Pharmacie"),
    _requester("420780652", "Cadre de santé, urgences", "Urgences"),
    _requester("420780660", "Attaché d’administration, ressources humaines", "Ressources humaines"),
    _requester("420002495", "Technicien, laboratoire", "Laboratoire"),
    _requester("420013831", "Assistant médico-administratif, imagerie", "Imagerie"),
    _account(
        "referent-roanne", "Référent métier, circuit du médicament", {Role.BUSINESS_REFERENT, Role.REQUESTER}, ASK,
        "Aide à traduire le besoin en exigences", department="Pharmacie", establishment="420780033", sees=frozenset(),
    ),
    *_reviewers(),
    _account(
        "coordinator", "Coordination DSI", {Role.COORDINATOR}, REVIEW,
        "Voit toutes les files, réaffecte, arbitre avec un motif",
    ),
    _account(
        "buyer", "Acheteur", {Role.BUYER}, BUY, "Chiffre l’achat, confirme la voie, ouvre les recensements",
        department="Direction des achats",
    ),
    *(_contact(finess) for finess in ESTABLISHMENTS),
    _account(
        "auditor", "Auditeur", {Role.AUDITOR}, WATCH, "Lit tout, ne change rien", department="Contrôle interne",
    ),
    _account(
        "operator", "Exploitation de la plateforme", {Role.PLATFORM_OPERATOR}, WATCH,
        "Rejoue les messages écartés, surveille les services",
    ),
    _account(
        "director-roanne", "Directeur du CH de Roanne", {Role.DIRECTOR}, GOVERN,
        "Signe ou refuse les risques que son établissement prend",
        department="Direction", establishment="420780033", sees=frozenset(),
    ),
    _account(
        "director-chu", "Directeur général adjoint du CHU", {Role.DIRECTOR}, GOVERN,
        "Signe ou refuse les risques que son établissement prend", department="Direction générale", sees=frozenset(),
    ),
    _account(
        "head-roanne", "Cadre supérieur, pharmacie", {Role.HEAD_OF_DEPARTMENT}, GOVERN,
        "Répond de son service : visas, référents, mode dégradé",
        department="Pharmacie", establishment="420780033", sees=frozenset(),
    ),
    _account(
        "referent-software", "Assistant médico-administratif, bloc opératoire", {Role.SOFTWARE_REFERENT}, GOVERN,
        "Forme, informe et débloque ses collègues", department="Bloc opératoire", sees=frozenset(),
    ),
    _account(
        "referent-security", "Référent sécurité logicielle, bloc opératoire", {Role.SECURITY_REFERENT}, GOVERN,
        "Tient les procédures de mode dégradé de son service", department="Bloc opératoire", sees=frozenset(),
    ),
    _account(
        "it-operations", "Exploitation informatique", {Role.IT_OPERATIONS}, GOVERN,
        "Déploie, met à jour, suit les pannes",
    ),
)  # fmt: skip

DEMO_ACCOUNTS: dict[str, Account] = {account.person.id: account for account in _ACCOUNTS}
"""Every demo account by its slug."""


REVIEWER_OF: dict[str, str] = {
    role.works: next(a.person.id for a in DEMO_ACCOUNTS.values() if a.person.has(role)) for role in Role if role.works
}
"""The account that works each kind of check, in every establishment."""
