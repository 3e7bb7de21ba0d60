"""The routing decision table as it is written and published: data that a buyer may replace without a release."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from shared.basics.errors import FieldError
from shared.basics.texts import is_blank, on_one_line, readable
from shared.contracts.vocabulary import AnyRoute

Op = Literal["is", "is_not", "in", "lt", "lte", "gt", "gte"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FactRef(_Part):
    """The value of another fact, such as a threshold of the launch date."""

    fact: str


class Condition(_Part):
    """One comparison: `because` it holds, `because_not`, and `would`: what would make it hold, after « si »."""

    fact: str
    op: Op
    value: StrictBool | StrictInt | StrictStr | list[StrictStr] | FactRef
    because: str = Field(min_length=1, max_length=500)
    because_not: str = Field(min_length=1, max_length=500)
    would: str | None = Field(default=None, min_length=1, max_length=500)


class RuleRow(_Part):
    """One row: where all its conditions hold, its route is taken. The last row has none: it takes what is left."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    route: AnyRoute
    title: str = Field(min_length=1, max_length=200)
    source: str = Field(max_length=500)
    because: str = Field(default="", max_length=500)
    when: tuple[Condition, ...] = Field(max_length=12)


class TableDocument(_Part):
    """A whole table with its version and the launch dates that it decides; no end: until the next one."""

    version: str = Field(min_length=1, max_length=40)
    title: str = Field(min_length=1, max_length=200)
    valid_from: date
    valid_to: date | None = None
    rules: tuple[RuleRow, ...] = Field(min_length=1, max_length=100)


def unreadable(document: TableDocument) -> Iterator[FieldError]:
    """The texts that no screen could show, or that say nothing: checked before a table is published for ever."""
    yield from _text("version", document.version, on_one_line)
    yield from _text("title", document.title, on_one_line)
    for number, row in enumerate(document.rules):
        at = f"rules.{number}"
        yield from _text(f"{at}.title", row.title, on_one_line)
        yield from _text(f"{at}.source", row.source, on_one_line)
        yield from _text(f"{at}.because", row.because, readable)
        for each, condition in enumerate(row.when):
            for name in ("because", "because_not", "would"):
                yield from _text(f"{at}.when.{each}.{name}", getattr(condition, name) or "", readable)


def _text(place: str, text: str, read: Callable[[str], str]) -> Iterator[FieldError]:
    try:
        right = read(text)
    except ValueError as error:
        yield FieldError(place, str(error))
        return
    if text and is_blank(text):
        yield FieldError(place, "Ce texte ne contient que des espaces ou des caractères invisibles : complétez-le.")
    elif read is on_one_line and right != text:
        yield FieldError(place, "Écrivez ce texte sur une seule ligne.")
