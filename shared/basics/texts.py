"""Text that people type, in a form, by API or in a file: printable, storable in PostgreSQL, with line feeds as line ends."""

import re
from collections.abc import Callable
from typing import Any
from unicodedata import category

from pydantic import ValidatorFunctionWrapHandler, WrapValidator

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]").search
_LINE_ENDS = re.compile("\r\n?").sub
_BREAKS = re.compile(r"[ \t]*[\r\n]+[ \t]*").sub


def is_blank(text: str) -> bool:
    """Whether nothing of it is visible: only spaces and formatting characters."""
    return all(char.isspace() or category(char) == "Cf" for char in text)


def readable(text: str) -> str:
    """The text with line feeds as line ends, empty if nothing of it is visible.

    Raises `ValueError` for control characters and lone surrogates.
    """
    if _UNREADABLE(text):
        raise ValueError("Ce texte contient un caractère invisible : effacez-le, puis récrivez le passage.")
    if is_blank(text):
        return ""
    return _LINE_ENDS("\n", text) if "\r" in text else text


def on_one_line(text: str) -> str:
    """The text on one line: line breaks become single spaces."""
    text = readable(text)
    return _BREAKS(" ", text) if "\n" in text else text


def _checked(text: Any, check: ValidatorFunctionWrapHandler, normalise: Callable[[str], str]) -> str:
    """Re-check the length after normalising: a text of three spaces is empty."""
    read: str = check(text)
    normal = normalise(read)
    if normal == read:
        return read
    again: str = check(normal)
    return again


READABLE = WrapValidator(lambda text, check: _checked(text, check, readable))
"""For texts of several lines."""
ONE_LINE = WrapValidator(lambda text, check: _checked(text, check, on_one_line))
"""For titles and names."""
