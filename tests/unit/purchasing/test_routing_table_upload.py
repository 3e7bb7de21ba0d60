"""A table that a buyer writes: refused as a whole, with every place and reason, or dated."""

import json
from datetime import date
from typing import Any

import pytest

from services.purchasing.model.market import Market
from services.purchasing.model.refusals import BadRoutingTable
from services.purchasing.model.routing.table import (
    PATH,
    NoRoutingTable,
    parse_table,
    shipped_table,
)

TABLE = shipped_table()


def _document() -> Any:
    return json.loads(PATH.read_bytes())


def _place(rule: str) -> int:
    """Where a rule of the shipped table stands."""
    return [row["id"] for row in _document()["rules"]].index(rule)


DIRECT, LAST = _place("direct-purchase"), _place("ask-ght")


def _broken(path: list[str | int], value: Any) -> str:
    document = part = _document()
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    ("path", "value", "field", "says"),
    [
        (["rules", 0, "when", 0, "fact"], "colour", "rules.0.when.0.fact", "« colour » n’existe pas"),
        (["rules", 0, "when", 0, "op"], "near", "rules.0.when.0.op", "comparaison n’existe pas"),
        (["rules", 0, "when", 0, "op"], "lt", "rules.0.when.0.op", "se compare par is"),
        (["rules", 0, "when", 0, "value"], "gift", "rules.0.when.0.value", "Valeurs possibles"),
        (["rules", 0, "when", 0, "value"], ["new"], "rules.0.when.0.value", "Valeurs possibles"),
        (["rules", 1, "when", 0, "value"], 1, "rules.1.when.0.value", "true ou false"),
        (["rules", DIRECT, "when", 0, "value"], True, f"rules.{DIRECT}.when.0.value", "centimes"),
        (["rules", DIRECT, "when", 0, "value"], {"fact": "kind"}, f"rules.{DIRECT}.when.0.value", "pas un montant"),
        (["rules", 1, "when", 0, "because"], "{secret}", "rules.1.when.0.because", "accolades"),
        (["rules", 1, "when", 0, "because"], "{amount.__class__}", "rules.1.when.0.because", "accolades"),
        (["rules", 0, "route"], "theft", "rules.0.route", "voie n’existe pas"),
        (["rules", 1, "id"], "retirement", "rules.1.id", "deux fois"),
        (["rules", 0, "when"], [], "rules.0.when", "ne serviraient jamais"),
        (["rules", LAST, "because"], "", f"rules.{LAST}.because", "dites pourquoi"),
        (["rules", LAST, "extra"], 1, f"rules.{LAST}.extra", "n’existe pas"),
        (["valid_to"], "2020-01-01", "valid_to", "finit avant"),
    ],
)
def test_a_bad_table_is_refused_with_the_place_and_the_reason(
    path: list[str | int], value: Any, field: str, says: str
) -> None:
    with pytest.raises(BadRoutingTable) as raised:
        parse_table(_broken(path, value))
    assert any(error.field.startswith(field) and says in error.message for error in raised.value.errors), (
        raised.value.errors
    )


def test_a_table_without_a_last_rule_for_the_rest_is_refused() -> None:
    document = _document()
    del document["rules"][-1]
    with pytest.raises(BadRoutingTable) as raised:
        parse_table(json.dumps(document))
    assert raised.value.errors[0].field == "rules"


def test_what_is_not_json_is_refused() -> None:
    with pytest.raises(BadRoutingTable):
        parse_table("{")


def test_the_launch_date_chooses_the_table() -> None:
    new = parse_table(json.dumps(_document() | {"version": "2", "valid_from": "2026-07-01"}))
    market = Market(version=1, tables=(new,))
    assert market.table_on(date(2026, 6, 30)) is TABLE
    assert market.table_on(date(2026, 7, 1)) is new
    with pytest.raises(NoRoutingTable):
        market.table_on(date(2025, 12, 31))
