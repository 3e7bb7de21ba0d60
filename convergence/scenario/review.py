"""The part of the DSI in the demo: questions, checklists, opinions, arbitration, as the script of the case says."""

from collections.abc import Mapping
from typing import Any

from convergence.scenario import cast
from convergence.scenario.stage import Stage
from shared.contracts.vocabulary import CheckKind
from shared.identity.demo import REVIEWER_OF
from shared.reference.demo_data import UNSCRIPTED, ScriptedCheck, ScriptedOverruling, ScriptedQuestion, ScriptedReuse

View = Mapping[str, Any]


async def play_review(stage: Stage) -> View:
    """Bring the review to its verdict; what was done before is left as it is. Answers the review."""
    review = await stage.comes("l’ouverture de l’instruction", "review", f"/reviews/{stage.case_id}")
    if stage.line.question is not None:
        await _question(stage, review, stage.line.question)
    for check in review["checks"]:
        await _check(stage, review, check, stage.line.checks.get(check["kind"], UNSCRIPTED))
    if stage.line.overruling is not None:
        await _overrule(stage, stage.line.overruling)
    return await stage.comes(
        "la décision d’instruction",
        "review",
        f"/reviews/{stage.case_id}",
        when=lambda now: now["status"] == "decided" and (stage.line.overruling is None or now["arbitration"]),
    )


async def _question(stage: Stage, review: View, scripted: ScriptedQuestion) -> None:
    """The reviewer asks, the requester answers, and the answer finds its way back to the check."""
    check = _of(review, scripted.check)
    path = f"/reviews/{stage.case_id}/checks/{scripted.check}"
    if not any(asked["text"] == scripted.question for asked in check["questions"]):
        reviewer = REVIEWER_OF[scripted.check]
        await stage.act("review", f"{path}/taking", reviewer)
        await stage.act("review", f"{path}/questions", reviewer, {"question": scripted.question})
    author = review["need"]["requester"]
    request = await stage.comes(
        "la question chez le demandeur",
        "request",
        f"/requests/{stage.case_id}",
        account=author,
        when=lambda now: _asked(now["questions"], scripted.question),
    )
    asked = _asked(request["questions"], scripted.question)
    if asked is not None and asked["open"]:
        answer = {"question_id": asked["question_id"], "answer": scripted.answer}
        await stage.act("request", f"/requests/{stage.case_id}/answers", author, answer)
    await stage.comes(
        "la réponse chez l’instructeur",
        "review",
        f"/reviews/{stage.case_id}",
        when=lambda now: all(one["answer"] for one in _of(now, scripted.check)["questions"]),
    )


async def _check(stage: Stage, review: View, check: View, scripted: ScriptedCheck) -> None:
    """Take the check, answer every item with the evidence, conclude."""
    if check["status"] == "closed":
        return
    kind = check["kind"]
    reviewer, path = REVIEWER_OF[kind], f"/reviews/{stage.case_id}/checks/{kind}"
    if check["holder"] is None:
        await stage.act("review", f"{path}/taking", reviewer)
    answers = {item["id"]: {"value": "yes", "evidence": scripted.evidence} for item in check["items"]}
    await stage.act("review", f"{path}/answers", reviewer, {"answers": answers}, method="PUT")
    opinion = {
        "opinion": scripted.opinion,
        "comment": scripted.comment,
        "conditions": scripted.conditions,
        "reuse": _reuse(review, stage.line.reuse) if kind == CheckKind.FUNCTIONAL else [],
    }
    await stage.act("review", f"{path}/opinion", reviewer, opinion)


async def _overrule(stage: Stage, scripted: ScriptedOverruling) -> None:
    path = f"/reviews/{stage.case_id}"
    review = await stage.comes("la somme des avis", "review", path, when=lambda now: now["status"] == "decided")
    if review["arbitration"] is None:
        decision = {"verdict": scripted.verdict, "reason": scripted.reason}
        await stage.act("review", f"{path}/arbitration", cast.COORDINATOR, decision)


def _of(review: View, kind: CheckKind) -> View:
    check: View = next(check for check in review["checks"] if check["kind"] == kind)
    return check


def _asked(questions: list[View], text: str) -> View | None:
    return next((one for one in questions if one["question"] == text), None)


def _reuse(review: View, scripted: ScriptedReuse | None) -> list[dict[str, Any]]:
    """The same judgement of every software that the GHT already runs for this domain."""
    if scripted is None:
        return []
    return [
        {"entry_id": entry["entry_id"], "fits": scripted.fits, "reason": scripted.reason}
        for entry in review["need"]["equipped"]
    ]
