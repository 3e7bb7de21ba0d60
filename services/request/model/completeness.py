"""What a form still lacks before it can be sent. A draft may lack anything."""

from collections.abc import Callable

from services.request.model.form import RequestForm
from shared.basics.errors import FieldError
from shared.contracts.vocabulary import RequestKind, Urgency

SHORTEST_DESCRIPTION = 10
"""Characters: below that nobody can study a need."""

Rule = tuple[str, Callable[[RequestForm], bool], str]
"""A field, when it is missing, and what to do about it."""

RULES: tuple[Rule, ...] = (
    ("kind", lambda f: f.kind is None, "Choisissez la nature de votre demande."),
    ("title", lambda f: not f.title, "Donnez un titre à votre demande."),
    (
        "description",
        lambda f: len(f.description) < SHORTEST_DESCRIPTION,
        "Décrivez votre besoin en une phrase au moins.",
    ),
    ("domain", lambda f: f.domain is None, "Choisissez le domaine fonctionnel."),
    (
        "replaces",
        lambda f: f.kind == RequestKind.REPLACEMENT and not f.replaces,
        "Dites ce que le nouveau logiciel remplacera.",
    ),
    (
        "current_supplier",
        lambda f: f.kind == RequestKind.RENEWAL and not f.current_supplier,
        "Dites avec quel fournisseur est le contrat actuel.",
    ),
    (
        "contract_ends_on",
        lambda f: f.kind == RequestKind.RENEWAL and f.contract_ends_on is None,
        "Donnez la date de fin du contrat actuel.",
    ),
    ("data", lambda f: f.data is None, "Dites quelles données le logiciel traitera."),
    (
        "care_stops",
        lambda f: f.care_stops is None,
        "Dites si le soin s’arrête quand le logiciel est indisponible.",
    ),
    (
        "max_downtime_hours",
        lambda f: f.care_stops is True and f.max_downtime_hours is None,
        "Dites combien d’heures le service peut tenir sans le logiciel.",
    ),
    (
        "urgency_reason",
        lambda f: f.urgency != Urgency.NORMAL and not f.urgency_reason,
        "Dites pourquoi c’est urgent.",
    ),
)


def lacks(form: RequestForm) -> tuple[FieldError, ...]:
    """One sentence per field that is missing, in the order of the form."""
    return tuple(FieldError(field, sentence) for field, missing, sentence in RULES if missing(form))
