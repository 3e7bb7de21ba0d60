"""A command that was answered with success is on disk and on the topics, as it was given."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from faults.checker.evidence import Evidence
from faults.checker.objection import Objection
from faults.ledger import Line

PROMISE = "nothing acknowledged is lost"


def nothing_acknowledged_is_lost(evidence: Evidence) -> Iterator[Objection]:
    """What each told line promises, found where it should be."""
    for line in _last_of_each(evidence):
        why = FOUND[line.act](evidence, line)
        if why:
            yield Objection(PROMISE, line.case, f"{line.act} {line.of}: {why}")
    for line in evidence.lines("seen", "status"):
        stage = _request(evidence, line.case).get("stage")
        if stage != line.heard["status"]:
            yield Objection(PROMISE, line.case, f"somebody read {line.heard['status']}, and now it is {stage}")


def _last_of_each(evidence: Evidence) -> list[Line]:
    """A qualification and a catalogue entry replace the one before: the last one counts."""
    last: dict[tuple[str, str, str], Line] = {}
    for line in evidence.lines("told"):
        of = "" if line.act in ("qualify", "catalogue") else line.of
        last[line.act, line.case, of] = line
    return list(last.values())


def _submit(evidence: Evidence, line: Line) -> str | None:
    request = evidence.databases["request"].cases.get(line.case)
    if request is None:
        return "there is no such request"
    if request["reference"] != line.heard["reference"]:
        return f"its reference was {line.heard['reference']}, and is {request['reference']}"
    if not evidence.of(line.case, "request-submitted"):
        return "its event is not on the topic"
    if line.case not in evidence.databases["review"].cases:
        return "no review was opened"
    return None


def _withdraw(evidence: Evidence, line: Line) -> str | None:
    if not evidence.of(line.case, "request-withdrawn"):
        return "its event is not on the topic"
    if _request(evidence, line.case).get("stage") != "withdrawn":
        return "the request is not withdrawn"
    if evidence.databases["review"].cases.get(line.case, {}).get("status") != "withdrawn":
        return "the review goes on"
    if evidence.databases["purchasing"].cases.get(line.case, {}).get("state") != "closed":
        return "the purchase is not closed"
    return None


def _ask(evidence: Evidence, line: Line) -> str | None:
    question = line.heard["question_id"]
    if question not in {one.data["question_id"] for one in evidence.of(line.case, "question-asked")}:
        return "its event is not on the topic"
    if question not in _questions(evidence, line.case):
        return "the requester does not see it"
    return None


def _answer(evidence: Evidence, line: Line) -> str | None:
    given = {one.data["question_id"]: one.data["answer"] for one in evidence.of(line.case, "question-answered")}
    if given.get(line.of) != line.said["answer"]:
        return "its event is not on the topic"
    answers = [q.get("answer") for check in _checks(evidence, line.case) for q in check.get("questions", ())]
    return None if line.said["answer"] in answers else "the reviewer does not see it"


def _opine(evidence: Evidence, line: Line) -> str | None:
    told = [one.data["opinion"] for one in evidence.of(line.case, "opinion-given") if one.data["check"] == line.of]
    if line.said["opinion"] not in told:
        return f"the topic says {told}"
    kept = [check.get("given", {}).get("opinion") for check in _checks(evidence, line.case) if check["kind"] == line.of]
    return None if kept == [line.said["opinion"]] else f"the review keeps {kept}"


def _qualify(evidence: Evidence, line: Line) -> str | None:
    kept = _work(evidence, line.case).get("qualification") or {}
    said = (line.said["term_years"], line.said["bought"]["licences_cents"])
    found = (kept.get("term_years"), (kept.get("bought") or {}).get("licences_cents"))
    return None if found == said else f"the purchase keeps {found} where {said} was told"


def _decide(evidence: Evidence, line: Line) -> str | None:
    if line.heard["state"] == "census":
        return None if evidence.of(line.case, "census-opened") else "the census is not on the topic"
    routes = [one.data["route"] for one in evidence.of(line.case, "route-decided")]
    return None if line.said["route"] in routes else f"the topic says {routes}"


def _reply(evidence: Evidence, line: Line) -> str | None:
    census = _work(evidence, line.case).get("census") or {}
    kept = {reply["establishment"]: reply["answer"] for reply in census.get("replies", ())}
    return None if kept.get(line.of) == line.said["answer"] else f"the census keeps {kept.get(line.of)}"


def _catalogue(evidence: Evidence, line: Line) -> str | None:
    entry = evidence.databases["request"].catalogue.get(line.case)
    if entry is None:
        return "the entry is not in the catalogue"
    if line.of == "retired":
        return None if entry["retired"] else "the entry is still offered"
    if entry["retired"] or entry["version"] != line.said["version"]:
        return f"version {line.said['version']} was published, the catalogue has {dict(entry)}"
    return None


FOUND: dict[str, Callable[[Evidence, Line], str | None]] = {
    "submit": _submit,
    "withdraw": _withdraw,
    "ask": _ask,
    "answer": _answer,
    "opine": _opine,
    "qualify": _qualify,
    "decide": _decide,
    "reply": _reply,
    "catalogue": _catalogue,
}


def _request(evidence: Evidence, case: str) -> Any:
    return evidence.databases["request"].cases.get(case, {})


def _questions(evidence: Evidence, case: str) -> set[str]:
    follow_up = json.loads(_request(evidence, case).get("follow_up", "{}"))
    return {question["question_id"] for question in follow_up.get("questions", ())}


def _checks(evidence: Evidence, case: str) -> list[Any]:
    return [json.loads(row["state"]) for row in evidence.databases["review"].checks.get(case, ())]


def _work(evidence: Evidence, case: str) -> Any:
    return json.loads(evidence.databases["purchasing"].cases.get(case, {}).get("work") or "{}")
