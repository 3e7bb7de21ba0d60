"""The example requests: varied, and their script arrives where it says, by the same rules as the service."""

import csv
from collections import Counter
from datetime import date

import pytest

from services.purchasing.model.example_market import example_market
from services.purchasing.model.routing.coverage import cover
from services.purchasing.model.routing.facts import RoutingFacts, thresholds_on
from services.purchasing.model.routing.rules import evaluate
from services.purchasing.model.routing.table import shipped_table
from shared.contracts.vocabulary import CheckKind, DataClass, Opinion, RequestKind, Route, Urgency, Verdict
from shared.reference.demo_data import CATALOGUE, REQUESTS, DemoLine, demo_script
from shared.reference.directory import establishment, ght_of, members
from shared.reference.domains import domains

TODAY = date(2026, 11, 22)
MARKET = example_market(TODAY)


def _rows() -> dict[str, dict[str, str]]:
    with REQUESTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["reference"] for row in rows}) == len(rows)
    return {row["reference"]: row for row in rows}


def _catalogue() -> list[dict[str, str]]:
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = _rows()
EQUIPPED = {row["domain"] for row in _catalogue()}
GOOD = demo_script().lines


def test_there_are_enough_good_and_bad_lines() -> None:
    bad = {line.reference for line in demo_script().bad_lines}
    assert len(GOOD) >= 44
    assert len(bad) >= 6
    assert {line.reference for line in GOOD} | bad == set(ROWS)


def test_the_examples_meet_every_case() -> None:
    good = [ROWS[line.reference] for line in GOOD]
    assert {line.expected.verdict for line in GOOD} == set(Verdict)
    # A route that was added since may have no example yet.
    assert len({line.expected.route for line in GOOD} & set(Route)) >= 10
    assert {row["kind"] for row in good} == set(RequestKind)
    assert {row["data"] for row in good} == set(DataClass)
    assert {row["urgency"] for row in good} == set(Urgency)
    assert {row["care_stops"] for row in good} == {"yes", "no"}
    assert len({row["establishment"] for row in good}) == 6
    assert min(Counter(line.expected.route for line in GOOD).values()) >= 3
    assert any(line.question for line in GOOD)
    assert any(line.overruling for line in GOOD)
    assert any(line.override for line in GOOD)


@pytest.mark.parametrize("line", GOOD, ids=lambda line: line.reference)
def test_a_good_line_can_be_played(line: DemoLine) -> None:
    row = ROWS[line.reference]
    assert ght_of(row["establishment"], TODAY) is not None
    assert row["domain"] in domains()
    assert len(row["need"]) >= 10
    assert len(row["title"]) <= 200
    wanted = set(CheckKind) - ({CheckKind.PRIVACY} if row["data"] == "none" else set())
    assert set(line.checks) <= wanted
    if row["domain"] in EQUIPPED and row["kind"] != "retirement":
        assert line.reuse is not None, "the functional check must judge what the GHT already runs"
    if line.census:
        others = {e.finess for e in members("LOIRE", TODAY)} - {row["establishment"]}
        assert set(line.census.answers) <= others


@pytest.mark.parametrize("line", GOOD, ids=lambda line: line.reference)
def test_a_good_line_arrives_where_the_script_says(line: DemoLine) -> None:
    opinions = {check.opinion for check in line.checks.values()}
    computed = (
        Verdict.UNFAVOURABLE
        if Opinion.UNFAVOURABLE in opinions
        else Verdict.FAVOURABLE_WITH_CONDITIONS
        if Opinion.FAVOURABLE_WITH_CONDITIONS in opinions
        else Verdict.FAVOURABLE
    )
    assert line.expected.verdict is (line.overruling.verdict if line.overruling else computed)
    if line.expected.verdict is Verdict.UNFAVOURABLE:
        assert line.expected.route is None
        return
    facts = _facts(line)
    answer = evaluate(shipped_table(), facts)
    assert answer.route == line.expected.proposed
    if not line.census:
        assert answer.rule_id == line.expected.rule
        assert line.expected.route == (line.override.route if line.override else answer.route)


def _facts(line: DemoLine) -> RoutingFacts:
    row, bought = ROWS[line.reference], line.purchase
    amount = bought.amount_cents if bought else None
    found = cover(
        MARKET,
        establishment=row["establishment"],
        domain=row["domain"],
        cpv=bought.cpv if bought else None,
        amount_cents=amount,
        on=TODAY,
    )
    return RoutingFacts(
        kind=RequestKind(row["kind"]),
        thresholds=thresholds_on(TODAY),
        reuse_fit=line.reuse.fits if line.reuse else (None if row["domain"] in EQUIPPED else False),
        agreement_usable=found.usable,
        agreement_kind=found.kind,
        exclusive_rights=bought is not None and bought.exclusive_rights == "yes",
        exclusive_rights_justified=bool(bought and bought.justification),
        amount_cents=amount,
        direct_purchase_allowed=MARKET.direct_purchase_allowed(row["establishment"], TODAY),
    )


def test_the_catalogue_is_made_of_marked_examples_in_real_establishments() -> None:
    for row in _catalogue():
        assert row["example"] == "yes"
        assert "exemple" in row["product"]
        assert "exemple" in row["vendor"]
        assert establishment(row["establishment"]).finess == row["establishment"]
        assert row["domain"] in domains()
        assert row["in_service_since"] == "unknown" or date.fromisoformat(row["in_service_since"]) < TODAY
