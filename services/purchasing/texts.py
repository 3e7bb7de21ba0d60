"""What people may type: readable text of a bounded length, and nothing that a database or a screen cannot hold."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

_BREAKS = "\n\t"


def _one_line(text: str) -> str:
    return _readable(text, "")


def _many_lines(text: str) -> str:
    return _readable(text, _BREAKS)


def _readable(text: str, also: str) -> str:
    for char in text:
        if char not in also and unicodedata.category(char) in ("Cc", "Cs"):
            raise ValueError("Retirez les caractères invisibles de ce texte.")
    return text


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_one_line)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), AfterValidator(_many_lines)]
Revision = Annotated[
    int, Field(ge=0, le=2**31 - 1, description="`revision` of the purchase as it was read: 409 where it has moved")
]
Cents = Annotated[int, Field(ge=0, le=10**12, strict=True, description="Euro cents excluding VAT")]


class Command(BaseModel):
    """The body of a command: unknown fields are refused, so that a misspelt one is seen."""

    model_config = ConfigDict(frozen=True, extra="forbid")
