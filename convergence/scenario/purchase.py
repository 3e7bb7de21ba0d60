"""The part of the buyer and of the GHT's members in the demo, as the script of the case says."""

from collections.abc import Mapping
from typing import Any

from convergence.scenario import cast
from convergence.scenario.stage import Stage
from shared.contracts.vocabulary import CensusAnswer
from shared.reference.demo_data import ScriptedCensus, ScriptedPurchase

View = Mapping[str, Any]


async def play_purchase(stage: Stage, verdict: str) -> None:
    """Bring the purchase to its route; what was done before is left as it is."""
    path = f"/purchases/{stage.case_id}"
    purchase = await stage.comes(
        "l’ouverture de l’achat",
        "purchasing",
        path,
        # An arbitration follows an unfavourable sum of opinions, which closed the purchase for a moment.
        when=lambda now: now["verdict"] == verdict and now["state"] != "closed",
    )
    if stage.line.purchase is not None and purchase["qualification"] is None and _open(purchase):
        purchase = await stage.act("purchasing", f"{path}/qualification", cast.BUYER, _costs(stage.line.purchase))
    if _open(purchase):
        override = stage.line.override
        chosen = {
            "route": override.route if override else purchase["proposal"]["route"],
            "reason": override.reason if override else "",
        }
        purchase = await stage.act("purchasing", f"{path}/decision", cast.BUYER, chosen)
    if stage.line.census is not None and purchase["state"] == "census":
        await _members_answer(stage, purchase, stage.line.census)


async def _members_answer(stage: Stage, purchase: View, scripted: ScriptedCensus) -> None:
    silent = {member["establishment"] for member in purchase["census"]["members"] if member["answer"] is None}
    for establishment, answer in scripted.answers.items():
        if establishment in silent:
            path = f"/censuses/{stage.case_id}/answer"
            software = "Logiciel en service (exemple)" if answer is CensusAnswer.ALREADY_EQUIPPED else ""
            reply = {"answer": answer, "software": software}
            await stage.act("purchasing", path, cast.contact(establishment), reply, method="PUT")


def _open(purchase: View) -> bool:
    return purchase["state"] in ("to_qualify", "to_confirm")


def _costs(scripted: ScriptedPurchase) -> dict[str, Any]:
    return scripted.model_dump(mode="json")
