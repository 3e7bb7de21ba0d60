"""The example cases through purchasing's own decisions: each arrives where the script says, and nothing stops it."""

import csv
from uuid import uuid4

import pytest

from services.purchasing.actions.answer_census import AnswerCensus
from services.purchasing.actions.answer_census import decide as answer_census
from services.purchasing.actions.close_census import close_census
from services.purchasing.actions.decide_route import DecideRoute, decide
from services.purchasing.actions.open_purchase import review_decided
from services.purchasing.actions.qualify_purchase import QualifyPurchase
from services.purchasing.actions.qualify_purchase import decide as qualify
from services.purchasing.model.purchase import PurchaseFile, State
from shared.contracts.events.reviews import ReuseAssessment
from shared.contracts.need import EquippedSoftware
from shared.contracts.vocabulary import Route, Verdict
from shared.reference.demo_data import CATALOGUE, REQUESTS, DemoLine, demo_script
from tests.helpers.purchasing_cases import BUYER, NOW, contact, examples, purchase, verdict

with REQUESTS.open(encoding="utf-8", newline="") as requests, CATALOGUE.open(encoding="utf-8", newline="") as catalogue:
    ROWS = {row["reference"]: row for row in csv.DictReader(requests)}
    EQUIPPED = {
        row["domain"]: EquippedSoftware(
            entry_id=uuid4(), product=row["product"], domain=row["domain"], establishments=(row["establishment"],)
        )
        for row in csv.DictReader(catalogue)
    }
MARKET = examples()
BOUGHT = [line for line in demo_script().lines if line.expected.verdict is not Verdict.UNFAVOURABLE]


@pytest.mark.parametrize("line", BOUGHT, ids=lambda line: line.reference)
def test_an_example_arrives_where_the_script_says(line: DemoLine) -> None:
    file = _opened(line)
    if line.purchase:
        file = qualify(file, BUYER, QualifyPurchase.model_validate(line.purchase.model_dump()), NOW).state
    proposal = purchase(file).work.proposal
    assert proposal is not None
    assert proposal.route == line.expected.proposed
    chosen = line.override or DecideRoute(route=Route(proposal.route))
    file = decide(file, BUYER, DecideRoute(route=chosen.route, reason=chosen.reason), NOW).state
    for member, said in (line.census.answers if line.census else {}).items():
        file = answer_census(file, contact(member), AnswerCensus(answer=said, software="Exemple"), NOW).state
    if line.expected.route is Route.GHT_CENSUS:  # a member that the script leaves out keeps it open
        assert purchase(file).state is State.CENSUS
        return
    decision = purchase(close_census(file, NOW).state).work.decision
    assert decision is not None
    assert (decision.route, decision.explanation.rule_id) == (line.expected.route, line.expected.rule)


def _opened(line: DemoLine) -> PurchaseFile:
    row = ROWS[line.reference]
    known = EQUIPPED.get(row["domain"]) if row["kind"] != "retirement" else None
    judged = line.reuse
    event = verdict(
        decision=line.expected.verdict,
        conditions=("Réserve",) if line.expected.verdict is Verdict.FAVOURABLE_WITH_CONDITIONS else (),
        reuse=(ReuseAssessment(entry_id=known.entry_id, product=known.product, fits=judged.fits),)
        if known and judged
        else (),
        kind=row["kind"],
        establishment=row["establishment"],
        domain=row["domain"],
        data=row["data"],
        requester="someone-else",
        equipped=(known,) if known else (),
        estimated_amount_cents=int(row["estimated_amount_eur"]) * 100 if row["estimated_amount_eur"] else None,
        cpv=row["cpv"][:8] or None,
        sole_supplier_reason=row["sole_supplier_reason"],
    )
    return review_decided(PurchaseFile(None, MARKET), event, NOW).state
