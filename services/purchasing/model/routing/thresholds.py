"""Thresholds of public procurement as dated data: the day the purchase is launched decides which row counts."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.basics.french import NARROW, date_long, euros
from shared.contracts.words import Words
from shared.reference.files import BadReferenceData

PATH = Path(__file__).parents[2] / "data" / "thresholds.json"
Key = Literal["competition_exemption", "adapted_publicity", "formal_procedure", "essential_data_publication"]


class Confidence(Words):
    """How sure a fact is."""

    CHECKED = "checked", "Vérifié", "good"
    SECONDARY = "secondary", "Source secondaire", "info"
    INFERRED = "inferred", "Déduit, non lu", "warn"


class NoThreshold(LookupError):
    """No row covers the date: the data must be completed before a route can be computed."""


class _Row(BaseModel):
    """A fact with its dates. An unknown start (None) excludes no day; no end (None) means still in force."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    valid_from: date | None
    valid_to: date | None
    source: str = Field(min_length=3)
    confidence: Confidence

    def in_force(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


class Threshold(_Row):
    """An amount excluding VAT, with the dates on which it counts and where it was read."""

    key: Key
    label: str
    value_cents: int = Field(gt=0)
    note: str

    @property
    def in_words(self) -> str:
        """« 216 000 € HT, seuil en vigueur du 1er janvier 2026 au 31 décembre 2027 (annexe 2 …) »."""
        return f"{euros(self.value_cents)}{NARROW}HT, {self.label} en vigueur{self._period} ({self.source})"

    @property
    def _period(self) -> str:
        if self.valid_from is None:
            return "" if self.valid_to is None else f" jusqu’au {date_long(self.valid_to)}"
        if self.valid_to is None:
            return f" depuis le {date_long(self.valid_from)}"
        return f" du {date_long(self.valid_from)} au {date_long(self.valid_to)}"


class LegalRule(_Row):
    """A rule without an amount."""

    text: str


class ThresholdBook(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    thresholds: tuple[Threshold, ...]
    rules: tuple[LegalRule, ...]


def load(path: Path) -> ThresholdBook:
    """Read and check the file: no two rows of one key may count on the same day."""
    try:
        book = ThresholdBook.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise BadReferenceData(path, None, str(error)) from error
    for index, row in enumerate(book.thresholds):
        start, end = row.valid_from or date.min, row.valid_to or date.max
        if end < start:
            raise BadReferenceData(path, None, f"{row.key}: ends before it starts ({row.valid_from})")
        for other in book.thresholds[:index]:
            if other.key == row.key and start <= (other.valid_to or date.max) and (other.valid_from or date.min) <= end:
                raise BadReferenceData(path, None, f"{row.key}: two rows count on the same day")
    return book


@lru_cache(maxsize=1)
def book() -> ThresholdBook:
    """The file shipped with the product, read and checked once."""
    return load(PATH)


@lru_cache(maxsize=4096)
def threshold(key: Key, on: date) -> Threshold:
    """The row that counts on a day; NoThreshold names the key and the day when none does."""
    for row in book().thresholds:
        if row.key == key and row.in_force(on):
            return row
    raise NoThreshold(f"no {key} is known for {on}: add a dated row, with its source, to {PATH.name}")
