"""The decision table: one route, always explained, and what is unknown never decides."""

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.purchasing.model.routing.facts import FACTS, RoutingFacts, thresholds_on
from services.purchasing.model.routing.routes import Procedure
from services.purchasing.model.routing.rules import evaluate
from services.purchasing.model.routing.table import (
    PATH,
    parse_table,
    shipped_table,
)
from shared.contracts.vocabulary import RequestKind, Route

LAUNCH = date(2026, 11, 22)
TABLE = shipped_table()
MAYBE = st.sampled_from([True, False, None])
FACT_SETS = st.builds(
    RoutingFacts,
    kind=st.sampled_from(RequestKind),
    thresholds=st.dates(date(2024, 1, 1), date(2030, 1, 1)).map(thresholds_on),
    reuse_fit=MAYBE,
    agreement_usable=MAYBE,
    agreement_kind=st.sampled_from(["order", "further_competition", "dynamic_purchasing_system", None]),
    exclusive_rights=MAYBE,
    exclusive_rights_justified=MAYBE,
    amount_cents=st.none() | st.integers(min_value=0, max_value=10**11),
    direct_purchase_allowed=MAYBE,
    census_outcome=st.sampled_from(["joined", "nobody", None]),
    agreement_title=st.text(max_size=20),
)
NOTHING_FITS = RoutingFacts(
    kind=RequestKind.NEW,
    thresholds=thresholds_on(LAUNCH),
    reuse_fit=False,
    agreement_usable=False,
    exclusive_rights=False,
    amount_cents=28_400_000,
    direct_purchase_allowed=False,
)


@pytest.mark.parametrize(
    ("known", "route", "rule"),
    [
        ({"kind": RequestKind.RETIREMENT}, Route.NO_PURCHASE, "retirement"),
        ({"reuse_fit": True}, Route.REUSE, "reuse"),
        ({"agreement_usable": True, "agreement_kind": "order"}, Route.CENTRAL_BODY_ORDER, "central-order"),
        (
            {"agreement_usable": True, "agreement_kind": "further_competition"},
            Route.CENTRAL_BODY_FURTHER_COMPETITION,
            "central-further-competition",
        ),
        (
            {"agreement_usable": True, "agreement_kind": "dynamic_purchasing_system"},
            Route.CENTRAL_BODY_DYNAMIC_SYSTEM,
            "central-dynamic-system",
        ),
        (
            {"exclusive_rights": True, "exclusive_rights_justified": True},
            Route.NEGOTIATED_WITHOUT_COMPETITION,
            "exclusive-rights",
        ),
        ({"exclusive_rights": True, "exclusive_rights_justified": False}, Route.GHT_CENSUS, "ask-ght"),
        ({"amount_cents": 5_999_999, "direct_purchase_allowed": True}, Route.DIRECT_PURCHASE, "direct-purchase"),
        ({"amount_cents": 6_000_000, "direct_purchase_allowed": True}, Route.GHT_CENSUS, "ask-ght"),
        ({"amount_cents": 100, "direct_purchase_allowed": False}, Route.GHT_CENSUS, "ask-ght"),
        ({"census_outcome": "joined"}, Route.SHARED_TENDER, "shared-tender"),
        ({"census_outcome": "nobody"}, Route.OWN_TENDER, "own-tender"),
        ({}, Route.GHT_CENSUS, "ask-ght"),
    ],
)
def test_each_route_has_its_rule(known: dict[str, Any], route: Route, rule: str) -> None:
    answer = evaluate(TABLE, replace(NOTHING_FITS, **known))
    assert (answer.route, answer.rule_id) == (route, rule)


@pytest.mark.parametrize(
    ("cents", "launch", "procedure"),
    [
        (3_999_999, date(2026, 3, 31), Procedure.BELOW_EXEMPTION),
        (4_000_000, date(2026, 3, 31), Procedure.ADAPTED),
        (4_000_000, date(2026, 4, 1), Procedure.BELOW_EXEMPTION),
        (6_000_000, date(2026, 4, 1), Procedure.ADAPTED),
        (9_000_000, date(2026, 4, 1), Procedure.ADAPTED_WITH_PUBLICITY),
        (21_599_999, date(2026, 4, 1), Procedure.ADAPTED_WITH_PUBLICITY),
        (21_600_000, date(2026, 4, 1), Procedure.FORMAL),
        (21_600_000, date(2025, 12, 31), Procedure.ADAPTED_WITH_PUBLICITY),
        (1_000_000, date(2028, 1, 1), Procedure.BELOW_EXEMPTION),
        (8_999_999, date(2028, 1, 1), Procedure.ADAPTED),
        (9_000_000, date(2028, 1, 1), Procedure.UNDETERMINED),
        (21_600_000, date(2028, 1, 1), Procedure.UNDETERMINED),
        (None, date(2026, 4, 1), Procedure.UNDETERMINED),
    ],
)
def test_the_procedure_follows_the_thresholds_of_the_launch_date(
    cents: int | None, launch: date, procedure: Procedure
) -> None:
    facts = replace(NOTHING_FITS, amount_cents=cents, thresholds=thresholds_on(launch))
    assert evaluate(TABLE, facts).procedure == procedure


def test_only_what_an_unknown_threshold_decides_is_missing() -> None:
    later = replace(NOTHING_FITS, thresholds=thresholds_on(date(2028, 1, 1)))
    assert evaluate(TABLE, later).missing_facts == ("formal_threshold_cents",)
    assert "seuil de procédure formalisée" in evaluate(TABLE, later).tried[-1].reasons[-1]
    assert evaluate(TABLE, replace(later, amount_cents=1_000_000)).missing_facts == ()


def test_the_volumes_of_the_members_add_to_a_shared_tender() -> None:
    joined = replace(NOTHING_FITS, census_outcome="joined")
    assert evaluate(TABLE, joined).procedure == Procedure.FORMAL
    small = evaluate(TABLE, replace(joined, amount_cents=5_000_000))
    assert small.procedure == Procedure.UNDETERMINED
    assert "s’ajoutent" in small.tried[-1].reasons[-1]
    assert small.missing_facts == ()


def test_the_explanation_gives_figures_as_a_french_reader_expects_them() -> None:
    answer = evaluate(TABLE, NOTHING_FITS)
    assert answer.procedure_because.replace("\u202f", " ").replace("\u00a0", " ") == (
        "284 000 € HT ≥ 216 000 € HT, seuil de procédure formalisée en vigueur du 1er janvier 2026 au 31 décembre 2027 "
        "(annexe 2 du code de la commande publique)."
    )
    assert answer.procedure_because in answer.tried[-1].reasons
    assert "284\u202f000\u202f€\u202fHT" in answer.procedure_because


def test_what_would_change_the_route_is_told() -> None:
    changes = " ".join(evaluate(TABLE, NOTHING_FITS).what_would_change).replace("\u202f", " ")
    assert "si le volet fonctionnel jugeait adapté" in changes
    assert "inférieur à 60 000 € HT, et si la politique" in changes
    assert "Sous 216 000 € HT, une procédure adaptée suffirait." in changes
    assert "retrait" not in changes


def test_one_failed_condition_settles_a_rule_whatever_is_unknown_beside_it() -> None:
    facts = replace(NOTHING_FITS, agreement_usable=False, agreement_kind=None)
    tried = {rule.rule_id: rule.matched for rule in evaluate(TABLE, facts).tried}
    assert tried["central-order"] is False


def test_a_census_that_was_not_held_is_known_not_missing() -> None:
    answer = evaluate(TABLE, NOTHING_FITS)
    assert answer.missing_facts == ()
    assert {rule.rule_id: rule.matched for rule in answer.tried}["shared-tender"] is False


@given(facts=FACT_SETS)
def test_there_is_always_exactly_one_route(facts: RoutingFacts) -> None:
    answer = evaluate(TABLE, facts)
    assert [rule.matched for rule in answer.tried].count(True) == 1
    assert answer.tried[-1].matched is True
    assert answer.tried[-1].rule_id == answer.rule_id
    assert all(rule.reasons for rule in answer.tried)
    assert [rule.rule_id for rule in answer.tried] == [rule.id for rule in TABLE.rules[: len(answer.tried)]]


@given(facts=FACT_SETS)
def test_the_same_facts_give_the_same_answer(facts: RoutingFacts) -> None:
    assert evaluate(TABLE, facts) == evaluate(parse_table(PATH.read_bytes()), facts)


@given(
    facts=FACT_SETS,
    forgotten=st.sets(st.sampled_from(sorted(set(FACTS) & set(RoutingFacts.__struct_fields__) - {"kind"}))),
)
def test_a_fact_that_becomes_unknown_never_makes_a_rule_hold(facts: RoutingFacts, forgotten: set[str]) -> None:
    forgotten -= {"census_outcome"}
    held = {rule.rule_id: rule.matched for rule in evaluate(TABLE, facts).tried}
    unknown: dict[str, Any] = dict.fromkeys(forgotten)
    for rule in evaluate(TABLE, replace(facts, **unknown)).tried[:-1]:
        assert rule.matched is not True
        if rule.rule_id in held and rule.matched is False:
            assert held[rule.rule_id] is False


@given(facts=FACT_SETS)
def test_missing_facts_are_really_missing(facts: RoutingFacts) -> None:
    assert all(getattr(facts, name) is None for name in evaluate(TABLE, facts).missing_facts)


def test_an_evaluation_costs_microseconds() -> None:
    """Promise: under 60 µs; the best of several rounds, so that a busy machine does not decide."""
    rounds = []
    for _ in range(20):
        start = time.perf_counter()
        for _ in range(100):
            evaluate(TABLE, NOTHING_FITS)
        rounds.append((time.perf_counter() - start) / 100)
    assert min(rounds) < 60e-6
