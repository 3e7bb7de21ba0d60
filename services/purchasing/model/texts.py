"""What buyers may type: readable text of a bounded length."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.texts import ONE_LINE, READABLE

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), ONE_LINE]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), READABLE]
Revision = Annotated[
    int, Field(ge=0, le=2**31 - 1, description="`revision` of the purchase as it was read: 409 where it has moved")
]
Cents = Annotated[int, Field(ge=0, le=10**12, strict=True, description="Euro cents excluding VAT")]


class Command(BaseModel):
    """The body of a command: unknown fields are refused, so that a misspelt one is seen."""

    model_config = ConfigDict(frozen=True, extra="forbid")
