"""The way of a case as a person reads it: what is done, where it is now, what comes next."""

from datetime import date
from typing import Any

from services.request.model.follow_up import FollowUp, Stage, open_questions
from services.request.store.reads import CaseFile
from services.request.words import check_words
from shared.basics.french import date_long, date_time, plural
from shared.contracts.vocabulary import DataClass, Route

Item = dict[str, Any]


def timeline(case: CaseFile) -> list[Item]:
    """The steps of the case, for the macro `parts.timeline`."""
    follow_up = case.follow_up
    items = [_sent(case), _review(follow_up), _verdict(follow_up), _route(follow_up)]
    if follow_up.withdrawn_at is not None:
        done = [item for item in items if item.get("state") == "done"]
        withdrawn = {
            "title": "Demande retirée",
            "state": "now",
            "when": date_time(follow_up.withdrawn_at),
            "text": follow_up.withdrawal_reason,
        }
        return [*done, withdrawn]
    if case.stage is Stage.REFUSED:
        return items[:3]
    service = {"title": "Mise en service", "text": "Formation, référent, mode dégradé, puis suivi du contrat"}
    return [*items, service]


def _sent(case: CaseFile) -> Item:
    at = case.follow_up.submitted_at
    if at is None:
        return {"title": "Brouillon", "state": "now", "when": f"commencé le {date_long(case.created_at)}"}
    return {"title": "Demande envoyée", "state": "done", "when": date_time(at)}


def _review(follow_up: FollowUp) -> Item:
    item: Item = {"title": "Étude par la DSI"}
    if follow_up.checks:
        asked = {question.check for question in open_questions(follow_up)}
        tags = []
        for check in follow_up.checks:
            words, tone = check_words(check, asked=check.kind in asked)
            tags.append((f"{check.label} : {words}", tone))
        item["tags"] = tags
    if follow_up.decision is not None:
        return {**item, "state": "done", "when": date_time(follow_up.decision.decided_at)}
    if follow_up.opened_at is not None:
        if follow_up.checks:
            item["text"] = f"Réponse prévue avant le {date_long(_last_due(follow_up))}"
        return {**item, "state": "now"}
    if follow_up.submitted_at is not None:
        return {**item, "state": "now", "text": "La DSI ouvre l’étude."}
    return item


def _last_due(follow_up: FollowUp) -> date:
    return max(check.due_on for check in follow_up.checks)


def _verdict(follow_up: FollowUp) -> Item:
    decision = follow_up.decision
    if decision is None:
        return {"title": "Décision d’instruction"}
    count = 0 if decision.refuses else len(decision.conditions)
    text = f"{plural(count, 'réserve')} à lever, plus bas sur cette page" if count else ""
    return {
        "title": "Décision d’instruction",
        "state": "now" if decision.refuses else "done",
        "when": date_time(decision.decided_at),
        "text": text,
        "tags": [(decision.label, decision.tone)],
    }


def _route(follow_up: FollowUp) -> Item:
    item: Item = {"title": "Voie d’achat"}
    decided, proposed, asked = follow_up.decided, follow_up.proposed, follow_up.census
    if decided is not None and decided.route != Route.GHT_CENSUS:
        return {**item, "state": "done", "when": date_time(decided.at), "tags": [(decided.label, "good")]}
    if asked is not None and asked.closed_at is None:
        until = f", réponse avant le {date_long(asked.deadline)}" if asked.deadline else ""
        return {
            **item,
            "state": "now",
            "text": f"{plural(asked.members, 'établissement du GHT interrogé', 'établissements du GHT interrogés')}{until}",
        }
    if proposed is not None:
        tags = [(f"Proposée : {proposed.label}", "info")]
        return {**item, "state": "now", "text": "L’acheteur du GHT doit la confirmer.", "tags": tags}
    if follow_up.decision is not None and follow_up.decision.favours:
        return {**item, "state": "now", "text": "L’acheteur du GHT chiffre l’achat."}
    return {**item, "text": "Centrale d’achat, appel d’offres du GHT ou logiciel déjà en service"}


def summary(case: CaseFile) -> str:
    """The request in one line: users, data, continuity."""
    form = case.form
    words = []
    if form.users:
        words.append(plural(form.users, "utilisateur"))
    if form.data is not None and form.data is not DataClass.NONE:
        words.append(form.data.label.lower())
    if form.care_stops:
        words.append("le soin s’arrête si le logiciel est indisponible")
    return " · ".join(words)
