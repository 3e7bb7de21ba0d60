"""The French that the service says: what the form offers, where a request and its checks stand, what the trail keeps."""

from collections.abc import Mapping

from services.request.model.follow_up import Check, FollowUp, Stage
from shared.basics.french import plural
from shared.contracts.vocabulary import DataClass, Opinion, RequestKind, Urgency
from shared.contracts.words import Tone, tone_of

TRAIL_WORDS: Mapping[str, str] = {
    "submit_request": "Demande envoyée",
    "withdraw_request": "Demande retirée",
    "answer_question": "Réponse à une question",
    "deadline_passed": "Échéance dépassée",
}
"""What each action in the trail is called."""

_KINDS: Mapping[RequestKind, tuple[str, str]] = {
    RequestKind.NEW: (
        "Un nouveau logiciel",
        "Rien ne répond au besoin aujourd’hui, ou seulement du papier et des tableaux.",
    ),
    RequestKind.EXTENSION: (
        "Étendre un logiciel en service",
        "Plus d’utilisateurs, un autre service ou un autre établissement.",
    ),
    RequestKind.REPLACEMENT: (
        "Remplacer un logiciel",
        "Celui d’aujourd’hui ne convient plus, ou n’est plus maintenu.",
    ),
    RequestKind.RENEWAL: ("Renouveler un contrat", "La maintenance ou la location arrive à son terme."),
    RequestKind.RETIREMENT: (
        "Retirer un logiciel",
        "Plus personne ne s’en sert : ses données doivent être reprises.",
    ),
}
_DATA: Mapping[DataClass, str] = {
    DataClass.NONE: "Matériel, stocks, documents sans nom.",
    DataClass.PERSONAL: "Agents, visiteurs, fournisseurs.",
    DataClass.HEALTH: "Tout ce qui concerne un patient.",
}
CHOICES: Mapping[str, list[tuple[str, str, str]]] = {
    "kind": [(kind.value, *_KINDS.get(kind, (kind.label, ""))) for kind in RequestKind],
    "data": [(data.value, data.label, _DATA.get(data, "")) for data in DataClass],
    "urgency": [(urgency.value, urgency.label, "") for urgency in Urgency],
}
"""What the form offers for a field: value, words, hint. A word that a table gains is offered by its label."""

_SENTENCES: Mapping[Stage, str] = {
    Stage.DRAFT: "Votre brouillon n’est pas encore envoyé.",
    Stage.SUBMITTED: "Votre demande est arrivée. La DSI va ouvrir son étude.",
    Stage.ANSWER_AWAITED: "La DSI vous a posé une question. L’étude du volet attend votre réponse.",
    Stage.REFUSED: "La DSI a rendu un avis défavorable. Les raisons sont écrites plus bas.",
    Stage.WITHDRAWN: "Cette demande a été retirée.",
}

_TO_OTHERS: Mapping[Stage, str] = {
    **_SENTENCES,
    Stage.DRAFT: "Ce brouillon n’est pas encore envoyé.",
    Stage.SUBMITTED: "La demande est arrivée. La DSI va ouvrir son étude.",
    Stage.ANSWER_AWAITED: "La DSI a posé une question au demandeur. L’étude du volet attend sa réponse.",
}
"""The same, for those who only follow the request."""


def stage_words(follow_up: FollowUp, stage: Stage) -> tuple[str, Tone]:
    """What a stage is called, and its tone. A verdict that is not known here is shown by its own label."""
    decision = follow_up.decision
    if stage is Stage.APPROVED and decision is not None and not decision.favours:
        return decision.label, decision.tone
    return stage.label, stage.tone


def sentence(follow_up: FollowUp, stage: Stage, *, mine: bool = True) -> str:
    """One sentence: where the case stands and who has it, said to the author where it is `mine`."""
    if stage is Stage.IN_REVIEW:
        return _in_review(follow_up)
    if stage is Stage.APPROVED and follow_up.decision:
        if not follow_up.decision.favours:
            return f"La DSI a rendu sa décision : {follow_up.decision.label}."
        kept = " avec des réserves" if follow_up.decision.conditions else ""
        return f"La DSI est favorable{kept}. L’acheteur du GHT prépare la voie d’achat."
    if stage is Stage.ROUTE_PROPOSED and follow_up.proposed:
        return (
            follow_up.proposed.in_plain_words or "Une voie d’achat est proposée ; l’acheteur du GHT doit la confirmer."
        )
    if stage is Stage.CENSUS and follow_up.census:
        return follow_up.census.in_plain_words or "Les autres établissements du GHT disent s’ils se joignent."
    if stage is Stage.CENSUS:
        return "Les autres établissements du GHT vont être interrogés avant l’appel d’offres."
    if stage is Stage.ROUTED and follow_up.decided:
        return follow_up.decided.in_plain_words or f"Voie d’achat : {follow_up.decided.label}."
    return (_SENTENCES if mine else _TO_OTHERS).get(stage, stage.label)


def _in_review(follow_up: FollowUp) -> str:
    total = len(follow_up.checks)
    closed = sum(1 for check in follow_up.checks if check.opinion is not None)
    if not closed:
        return f"La DSI étudie votre demande : {total} volets en parallèle."
    return f"La DSI étudie votre demande : {plural(closed, 'volet rendu', 'volets rendus')} sur {total}."


def check_words(check: Check, *, asked: bool) -> tuple[str, Tone]:
    """How a check stands, and the tone of its tag; `asked`: a question waits for the requester."""
    if check.opinion == Opinion.FAVOURABLE_WITH_CONDITIONS:
        return f"favorable, {plural(check.conditions, 'réserve')}", Opinion.FAVOURABLE_WITH_CONDITIONS.tone
    if check.opinion is not None:
        return check.opinion_label[:1].lower() + check.opinion_label[1:], tone_of(Opinion, check.opinion)
    if asked:
        return "question posée", "warn"
    return ("en cours", "info") if check.reviewer_title else ("à prendre", "plain")
