"""Bounds of what people write, wherever it comes from: a form, the API, a file, a message.

Text is what a screen shows and PostgreSQL keeps, with line feeds at the end of its lines. The French sentences are shown
to whoever typed it.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from unicodedata import category

from pydantic import AfterValidator, Field, StringConstraints, ValidatorFunctionWrapHandler, WrapValidator

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]").search
_LINE_ENDS = re.compile("\r\n?").sub
_BREAKS = re.compile(r"[ \t]*[\r\n]+[ \t]*").sub


def is_blank(text: str) -> bool:
    """Whether nothing of it would be seen: spaces, and characters that only say how their neighbours look."""
    return all(char.isspace() or category(char) == "Cf" for char in text)


def readable(text: str) -> str:
    """The text with line feeds alone, empty where nothing would be seen; raises `ValueError` at control characters and
    halves of surrogate pairs.
    """
    if _UNREADABLE(text):
        raise ValueError("Ce texte contient un caractère invisible : effacez-le, puis récrivez le passage.")
    if is_blank(text):
        return ""
    return _LINE_ENDS("\n", text) if "\r" in text else text


def on_one_line(text: str) -> str:
    """The same on one line: what was copied from several lines is joined by spaces."""
    text = readable(text)
    return _BREAKS(" ", text) if "\n" in text else text


def _kept(text: Any, check: ValidatorFunctionWrapHandler, put_right: Callable[[str], str]) -> str:
    """Measured again where it was put right: what is empty now is not three characters long."""
    read: str = check(text)
    right = put_right(read)
    if right == read:
        return read
    again: str = check(right)
    return again


READABLE = WrapValidator(lambda text, check: _kept(text, check, readable))
"""For texts of several lines."""
ONE_LINE = WrapValidator(lambda text, check: _kept(text, check, on_one_line))
"""For titles and names."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), ONE_LINE]
"""A title, a name."""
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), ONE_LINE]
"""What a page says in one go."""
Paragraphs = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000), READABLE]
"""What somebody wrote in a text area, maybe nothing."""
Account = Annotated[str, StringConstraints(min_length=1, max_length=200), ONE_LINE]
"""Who acted, as the identity provider names them."""
Finess = Annotated[str, StringConstraints(pattern=r"^[0-9AB]{9}$")]
"""FINESS number of a legal entity (entité juridique), nine characters."""
Siret = Annotated[str, StringConstraints(pattern=r"^[0-9]{14}$")]
"""SIRET number of an establishment of a company, fourteen digits."""
Cents = Annotated[int, Field(ge=0, le=10**12)]
"""Euro cents excluding VAT."""
Months = Annotated[int, Field(ge=0, le=1200)]
"""A number of months."""

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
"""Days outside of these are typing errors."""


def _plausible(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValueError("Vérifiez l’année : cette date est trop lointaine.")
    return day


Day = Annotated[date, AfterValidator(_plausible)]
"""A day on the calendar in France."""
