"""What people may type, in a form, by API or in a file: text that a screen shows and PostgreSQL keeps, on lines that end
in a line feed wherever it came from.
"""

import re
from collections.abc import Callable
from typing import Any
from unicodedata import category

from pydantic import ValidatorFunctionWrapHandler, WrapValidator

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
