"""Reading a routing decision table: checked whole, every error explained in French to the buyer who wrote it."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from services.purchasing.model.refusals import BadRoutingTable
from services.purchasing.model.routing.document import Condition, FactRef, RuleRow, TableDocument
from services.purchasing.model.routing.facts import FACTS, FIGURES
from services.purchasing.model.routing.routes import ROUTES
from services.purchasing.model.routing.rules import PLACEHOLDER
from shared.basics.errors import FieldError

PATH = Path(__file__).parents[2] / "data" / "routing_table.json"
_OPS = {"bool": ("is", "is_not"), "word": ("is", "is_not", "in"), "cents": ("lt", "lte", "gt", "gte")}
_SHAPE = {
    "missing": "ce champ est obligatoire",
    "extra_forbidden": "ce champ n’existe pas",
    "json_invalid": "ce n’est pas du JSON",
}


class NoRoutingTable(LookupError):
    """No published table decides this launch date."""


def parse_table(text: str | bytes) -> TableDocument:
    """A table from its JSON text; raises BadRoutingTable with every error found."""
    try:
        document = TableDocument.model_validate_json(text)
    except ValidationError as error:
        shape = (
            FieldError(".".join(map(str, e["loc"])) or "table", _shape(e["type"], e["loc"])) for e in error.errors()
        )
        raise BadRoutingTable(errors=tuple(shape)) from error
    if errors := tuple(_errors(document)):
        raise BadRoutingTable(errors=errors)
    return document


def published_table(text: str) -> TableDocument:
    """A table that was checked when it was published; its routes may be those of a later version."""
    return TableDocument.model_validate_json(text)


@lru_cache(maxsize=1)
def shipped_table() -> TableDocument:
    """The table that ships with the product."""
    return parse_table(PATH.read_bytes())


def _shape(kind: str, loc: tuple[int | str, ...]) -> str:
    if loc and loc[-1] == "op":
        return "Cette comparaison n’existe pas. Comparaisons possibles : is, is_not, in, lt, lte, gt, gte."
    return f"À corriger : {_SHAPE.get(kind, 'cette valeur ne convient pas')}."


def _errors(document: TableDocument) -> Iterator[FieldError]:
    if document.valid_to is not None and document.valid_to < document.valid_from:
        yield FieldError("valid_to", "La table finit avant de commencer.")
    seen: set[str] = set()
    for index, row in enumerate(document.rules):
        if row.id in seen:
            yield FieldError(f"rules.{index}.id", f"La règle « {row.id} » figure deux fois.")
        seen.add(row.id)
        if not row.when and index < len(document.rules) - 1:
            yield FieldError(
                f"rules.{index}.when",
                f"La règle « {row.id} » n’a pas de condition : les suivantes ne serviraient jamais.",
            )
        yield from _row_errors(f"rules.{index}", row)
    if document.rules[-1].when:
        yield FieldError(
            "rules", "Il manque une dernière règle sans condition, pour les dossiers qu’aucune autre ne prend."
        )


def _row_errors(at: str, row: RuleRow) -> Iterator[FieldError]:
    if row.route not in ROUTES:
        yield FieldError(f"{at}.route", f"Cette voie n’existe pas. Voies possibles : {', '.join(ROUTES)}.")
    yield from _figure_errors(f"{at}.because", row.because)
    if not row.when and not row.because:
        yield FieldError(
            f"{at}.because", f"La règle « {row.id} » n’a pas de condition : dites pourquoi elle est prise."
        )
    for index, condition in enumerate(row.when):
        where = f"{at}.when.{index}"
        if condition.fact not in FACTS:
            yield FieldError(
                f"{where}.fact", f"Le fait « {condition.fact} » n’existe pas. Faits possibles : {', '.join(FACTS)}."
            )
        else:
            yield from _value_errors(where, condition)
        for name in ("because", "because_not", "would"):
            yield from _figure_errors(f"{where}.{name}", getattr(condition, name) or "")


def _value_errors(where: str, condition: Condition) -> Iterator[FieldError]:
    spec, value = FACTS[condition.fact], condition.value
    if condition.op not in _OPS[spec.type]:
        allowed = ", ".join(_OPS[spec.type])
        yield FieldError(f"{where}.op", f"« {condition.fact} » se compare par {allowed}, pas par « {condition.op} ».")
    elif spec.type == "bool" and not isinstance(value, bool):
        yield FieldError(f"{where}.value", f"« {condition.fact} » se compare à true ou false.")
    elif spec.type == "cents" and isinstance(value, FactRef):
        if value.fact not in FACTS or FACTS[value.fact].type != "cents":
            yield FieldError(f"{where}.value", f"« {value.fact} » n’est pas un montant connu.")
    elif spec.type == "cents" and (isinstance(value, bool) or not isinstance(value, int)):
        yield FieldError(f"{where}.value", f"« {condition.fact} » se compare à un montant en centimes.")
    elif spec.type == "word":
        words = value if condition.op == "in" and isinstance(value, list) else [value]
        if (
            (condition.op == "in") is not isinstance(value, list)
            or not words
            or not set(map(str, words)) <= set(spec.values)
        ):
            yield FieldError(f"{where}.value", f"Valeurs possibles de « {condition.fact} » : {', '.join(spec.values)}.")


def _figure_errors(where: str, template: str) -> Iterator[FieldError]:
    unknown = [name for name in PLACEHOLDER.findall(template) if name not in FIGURES]
    if unknown or set("{}") & set(PLACEHOLDER.sub("", template)):
        yield FieldError(where, f"Entre accolades ne peuvent figurer que : {', '.join(FIGURES)}.")
