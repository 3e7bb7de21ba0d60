"""Open words: text on the wire, with a table of the values that this version knows, their labels and their tones.

A vocabulary is one table: a `Words` class whose members are in the order of the screens. On the wire a word is
open: another version of its owner may send a value that is not in the table, with its label in the field beside it. Readers
compare with `==`, and show an unknown value by that label.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import Field

Tone = Literal["good", "warn", "bad", "info", "plain"]
"""The colour of a word; each colour has one meaning on every page."""

LONGEST_WORD = 60
"""Characters of a value."""
LONGEST_LABEL = 120
"""Characters of a label."""
Label = Annotated[str, Field(max_length=LONGEST_LABEL, description="What to call the word beside it, in French")]


class Words(StrEnum):
    """A vocabulary: `MEMBER = value, label in French, tone`. The order of the members is the order on screens."""

    label: str
    tone: Tone

    def __new__(cls, value: str, label: str = "", tone: Tone = "plain", *_more: object) -> Self:
        """A row of the table; a vocabulary with further columns takes them in its `__init__`."""
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        word.tone = tone
        return word

    @classmethod
    def known(cls, value: str) -> Self | None:
        """The row of this value, or None where this version does not know it."""
        found = cls._value2member_map_.get(value)
        return found if isinstance(found, cls) else None


W = TypeVar("W", bound=Words)


def label_of(words: type[Words], value: str, told: str = "") -> str:
    """What to call a value on screen: by the table, else by the label that came with it, else by itself."""
    row = words.known(value)
    return row.label if row else told or value


def tone_of(words: type[Words], value: str) -> Tone:
    """Its tone, plain where this version does not know it."""
    row = words.known(value)
    return row.tone if row else "plain"


def open_word(words: type[Words]) -> Any:
    """`Annotated[str, open_word(CheckKind)]`: a value of this vocabulary, or one that a later version added."""
    return Field(
        min_length=1, max_length=LONGEST_WORD, json_schema_extra={"x-known-values": [str(word) for word in words]}
    )
