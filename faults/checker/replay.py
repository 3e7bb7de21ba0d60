"""Read models equal their replay: what each service keeps is what the topics, read from their start, add up to."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from faults.checker.evidence import Evidence, Message
from faults.checker.objection import Objection
from faults.effects import CATALOGUE

PROMISE = "every read model equals its replay"
Model = dict[str, Any]

PLAIN: dict[str, tuple[str, str | bool]] = {
    "review-decided": ("verdict", "verdict"),
    "route-proposed": ("proposed", "route"),
    "route-decided": ("decided", "route"),
    "census-closed": ("asked", True),
    "request-withdrawn": ("withdrawn", True),
}
"""Events that say one thing: what of the model they set, to a field of theirs or to a constant."""


def read_models_equal_their_replay(evidence: Evidence) -> Iterator[Objection]:
    """The follow-up of requests, the state of reviews and of purchases, the catalogue."""
    for case, row in evidence.databases["request"].cases.items():
        messages = evidence.by_case.get(case, ())
        yield from _differences("request", case, replayed_request(messages), kept_request(row))
    for case, row in evidence.databases["review"].cases.items():
        messages = evidence.by_case.get(case, ())
        kept = {"status": row["status"], "verdict": row["verdict"]}
        yield from _differences("review", case, replayed_review(messages), kept)
    for case, row in evidence.databases["purchasing"].cases.items():
        replayed = replayed_purchase(evidence.by_case.get(case, ()))
        yield from _differences("purchasing", case, replayed, {"state": row["state"]})
    yield from _catalogue(evidence)


def replayed_request(messages: tuple[Message, ...]) -> Model:
    """Where a request stands, from all that was said of it."""
    model: Model = {
        "checks": {}, "opinions": {}, "questions": {}, "verdict": None, "proposed": None, "decided": None, "asked": None,
        "opened": False, "withdrawn": False,
    }  # fmt: skip
    for message in messages:
        _fold(model, message.kind, message.data)
    return {**model, "stage": _stage(model)}


def kept_request(row: Mapping[str, Any]) -> Model:
    """The same, as the request service keeps it."""
    kept = json.loads(row["follow_up"])
    census = kept.get("census")
    return {
        "checks": {one["kind"]: one.get("kind_told", "") for one in kept.get("checks", ())},
        "opinions": {one["kind"]: one["opinion"] for one in kept.get("checks", ()) if one.get("opinion")},
        "questions": {one["question_id"]: one.get("answer", "") for one in kept.get("questions", ())},
        "verdict": (kept.get("decision") or {}).get("verdict"),
        "proposed": (kept.get("proposed") or {}).get("route"),
        "decided": (kept.get("decided") or {}).get("route"),
        "asked": None if census is None else bool(census.get("closed_at")),
        "opened": "opened_at" in kept,
        "withdrawn": "withdrawn_at" in kept,
        "stage": row["stage"],
    }


def replayed_review(messages: tuple[Message, ...]) -> Model:
    """Where a review stands."""
    verdicts = [message.data["verdict"] for message in messages if message.kind == "review-decided"]
    status = "decided" if verdicts else "open"
    if any(message.kind == "request-withdrawn" for message in messages):
        status = "withdrawn"
    return {"status": status, "verdict": verdicts[-1] if verdicts else None}


def replayed_purchase(messages: tuple[Message, ...]) -> Model:
    """Where a purchase stands; which of its two waiting states is not told to anybody."""
    kinds = [message.kind for message in messages]
    verdicts = [message.data["verdict"] for message in messages if message.kind == "review-decided"]
    if "request-withdrawn" in kinds or (verdicts and verdicts[-1] == "unfavourable"):
        return {"state": "closed"}
    if "route-decided" in kinds:
        return {"state": "decided"}
    if "census-opened" in kinds and "census-closed" not in kinds:
        return {"state": "census"}
    return {"state": "waiting"}


def _fold(model: Model, kind: str, data: Mapping[str, Any]) -> None:
    match kind:
        case "review-opened":
            model["opened"] = True
            # A kind that a later version added is kept with the label that came.
            model["checks"] = {check["kind"]: check["kind_label"] for check in data["checks"]}
        case "opinion-given":
            model["opinions"][data["check"]] = data["opinion"]
        case "question-asked":
            model["questions"].setdefault(data["question_id"], "")
        case "question-answered":
            model["questions"][data["question_id"]] = data["answer"]
        case "census-opened":
            model["asked"] = bool(model["asked"])
        case _ if kind in PLAIN:
            name, value = PLAIN[kind]
            model[name] = data[value] if isinstance(value, str) else value


def _stage(model: Model) -> str:
    open_questions = not model["verdict"] and any(answer == "" for answer in model["questions"].values())
    for stage, reached in (
        ("withdrawn", model["withdrawn"]),
        ("refused", model["verdict"] == "unfavourable"),
        ("census", model["asked"] is False),
        ("routed", model["decided"]),
        ("route_proposed", model["proposed"]),
        ("approved", model["verdict"]),
        ("answer_awaited", open_questions),
        ("in_review", model["opened"]),
    ):
        if reached:
            return stage
    return "submitted"


def _catalogue(evidence: Evidence) -> Iterator[Objection]:
    replayed: dict[str, Model] = {}
    for message in evidence.firsts:
        if message.topic == CATALOGUE:
            entry = replayed.setdefault(message.case, {})
            entry["retired"] = message.kind == "catalogue-entry-retired"
            if not entry["retired"]:
                entry["version"] = message.data["version"]
    kept = evidence.databases["request"].catalogue
    for entry_id in replayed.keys() | kept.keys():
        wanted = replayed.get(entry_id, {})
        if "version" in wanted or entry_id in kept:
            row = kept.get(entry_id, {})
            found = {name: row.get(name) for name in wanted}
            yield from _differences("catalogue", entry_id, wanted, found)


def _differences(what: str, case: str, replayed: Model, kept: Model) -> Iterator[Objection]:
    if kept.get("state") in ("to_qualify", "to_confirm"):
        kept = {**kept, "state": "waiting"}
    for name, value in replayed.items():
        if kept.get(name) != value:
            why = f"{what}: {name} is {kept.get(name)!r}, the topics add up to {value!r}"
            yield Objection(PROMISE, case, why)
