"""Plays one example request from its review to its route, and says which way it went."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from convergence.scenario.purchase import play_purchase
from convergence.scenario.review import play_review
from convergence.scenario.stage import Stage
from shared.contracts.vocabulary import Route, Verdict
from shared.reference.demo_data import Expected


@dataclass(frozen=True)
class Way:
    """Where a case went, as its requester sees it. `example`: the reference in the file of examples."""

    case_id: str
    reference: str
    example: str
    title: str
    establishment: str
    verdict: str
    proposed: str | None
    route: str | None
    rule: str | None
    expected: Expected
    acts: int

    @property
    def as_expected(self) -> bool:
        wanted = self.expected
        return (self.verdict, self.proposed, self.route, self.rule) == (
            wanted.verdict,
            wanted.proposed,
            wanted.route,
            wanted.rule,
        )


async def play(stage: Stage) -> Way:
    """The way of one case; raises `Failure` where it does not arrive."""
    review = await play_review(stage)
    if review["verdict"] == Verdict.UNFAVOURABLE:
        request = await _told(stage, lambda now: now["status"] == "refused")
    else:
        await play_purchase(stage, review["verdict"])
        ends = ("census",) if stage.line.expected.route is Route.GHT_CENSUS else ("routed",)
        request = await _told(stage, lambda now: now["status"] in ends)
    return _way(stage, request)


async def _told(stage: Stage, when: Any) -> Mapping[str, Any]:
    """The status as it came back to the requester."""
    path = f"/requests/{stage.case_id}"
    return await stage.comes("le retour chez le demandeur", "request", path, when=when)


def _way(stage: Stage, request: Mapping[str, Any]) -> Way:
    proposed, decided = request["proposed_route"], request["route"]
    # While the members are being asked, that is the route, and the rule is the one that the buyer had before them.
    shown = decided or proposed
    route = decided["route"] if decided else Route.GHT_CENSUS if request["census"] else None
    return Way(
        case_id=stage.case_id,
        reference=request["reference"],
        example=stage.line.reference,
        title=request["form"]["title"],
        establishment=request["establishment"],
        verdict=request["decision"]["verdict"],
        proposed=proposed["route"] if proposed else None,
        route=route,
        rule=shown["rule"] if shown else None,
        expected=stage.line.expected,
        acts=stage.acts,
    )
