"""Whether an establishment allows direct purchase below the exemption threshold: dated, off unless a row says so."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.reference.directory import directory
from shared.reference.files import BadReferenceData

PATH = Path(__file__).parents[1] / "data" / "policies.json"


class DirectPurchasePolicy(BaseModel):
    """One decision of one establishment, with its dates."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    establishment: str
    direct_purchase_allowed: bool
    valid_from: date
    valid_to: date | None
    source: str
    example: bool


class PolicyBook(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    default_allowed: Literal[False]
    policies: tuple[DirectPurchasePolicy, ...]


def load(path: Path) -> PolicyBook:
    """Read and check the file: known establishments, and one row a day for each."""
    try:
        book = PolicyBook.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise BadReferenceData(path, None, str(error)) from error
    for index, row in enumerate(book.policies):
        if row.establishment not in directory().establishments:
            raise BadReferenceData(path, None, f"{row.establishment} is not a FINESS of the directory")
        for other in book.policies[:index]:
            same = other.establishment == row.establishment
            if (
                same
                and row.valid_from <= (other.valid_to or date.max)
                and other.valid_from <= (row.valid_to or date.max)
            ):
                raise BadReferenceData(path, None, f"{row.establishment}: two rows count on the same day")
    return book


@lru_cache(maxsize=1)
def policies() -> PolicyBook:
    """The policies that ship with the product."""
    return load(PATH)
