"""Where a request stands, in plain French words for the person who asked."""

from services.request.model.follow_up import Check, FollowUp, RouteStep, Stage
from shared.basics.french import plural
from shared.contracts.vocabulary import LABELS, Opinion

STAGES: dict[Stage, str] = {
    Stage.DRAFT: "Brouillon",
    Stage.SUBMITTED: "Envoyée",
    Stage.IN_REVIEW: "En instruction",
    Stage.ANSWER_AWAITED: "Réponse attendue",
    Stage.APPROVED: "Avis favorable, voie d’achat à venir",
    Stage.REFUSED: "Avis défavorable",
    Stage.ROUTE_PROPOSED: "Voie d’achat proposée",
    Stage.CENSUS: "Recensement du GHT en cours",
    Stage.ROUTED: "Voie d’achat décidée",
    Stage.WITHDRAWN: "Retirée",
}

KINDS: dict[Stage, str] = {
    Stage.DRAFT: "",
    Stage.SUBMITTED: "info",
    Stage.IN_REVIEW: "info",
    Stage.ANSWER_AWAITED: "warn",
    Stage.APPROVED: "good",
    Stage.REFUSED: "bad",
    Stage.ROUTE_PROPOSED: "info",
    Stage.CENSUS: "info",
    Stage.ROUTED: "good",
    Stage.WITHDRAWN: "",
}
"""How a stage is coloured beside its words."""

_SENTENCES: dict[Stage, str] = {
    Stage.DRAFT: "Votre brouillon n’est pas encore envoyé.",
    Stage.SUBMITTED: "Votre demande est arrivée. La DSI va ouvrir son étude.",
    Stage.ANSWER_AWAITED: "La DSI vous a posé une question. L’étude du volet attend votre réponse.",
    Stage.REFUSED: "La DSI a rendu un avis défavorable. Les raisons sont écrites plus bas.",
    Stage.WITHDRAWN: "Cette demande a été retirée.",
}

_TO_OTHERS: dict[Stage, str] = _SENTENCES | {
    Stage.DRAFT: "Ce brouillon n’est pas encore envoyé.",
    Stage.SUBMITTED: "La demande est arrivée. La DSI va ouvrir son étude.",
    Stage.ANSWER_AWAITED: "La DSI a posé une question au demandeur. L’étude du volet attend sa réponse.",
}
"""The same, for those who only follow the request."""


def sentence(follow_up: FollowUp, stage: Stage, *, mine: bool = True) -> str:
    """One sentence: where the case stands and who has it, said to the author where it is `mine`."""
    if stage is Stage.IN_REVIEW:
        return _in_review(follow_up)
    if stage is Stage.APPROVED:
        kept = " avec des réserves" if follow_up.decision and follow_up.decision.conditions else ""
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
        return follow_up.decided.in_plain_words or f"Voie d’achat : {LABELS[follow_up.decided.route]}."
    return (_SENTENCES if mine else _TO_OTHERS).get(stage, STAGES[stage])


def _in_review(follow_up: FollowUp) -> str:
    total = len(follow_up.checks)
    closed = sum(1 for check in follow_up.checks if check.opinion is not None)
    if not closed:
        return f"La DSI étudie votre demande : {total} volets en parallèle."
    return f"La DSI étudie votre demande : {plural(closed, 'volet rendu', 'volets rendus')} sur {total}."


def check_words(check: Check, asked: bool) -> tuple[str, str]:
    """How a check stands, and the kind of its tag."""
    if check.opinion is Opinion.FAVOURABLE:
        return "favorable", "good"
    if check.opinion is Opinion.FAVOURABLE_WITH_CONDITIONS:
        count = check.conditions
        return (f"favorable, {count} réserves" if count > 1 else "favorable, 1 réserve"), "good"
    if check.opinion is Opinion.UNFAVOURABLE:
        return "défavorable", "bad"
    if asked:
        return "question posée", "warn"
    if check.reviewer_title:
        return "en cours", "info"
    return "à prendre", ""


def route_words(step: RouteStep) -> str:
    """The route by its French name."""
    return LABELS[step.route]
