"""What people may type, in a form, by API or in a file: text that a screen shows and PostgreSQL keeps, on lines that end
in a line feed wherever it came from.
"""

import re

from pydantic import AfterValidator

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]").search
_LINE_ENDS = re.compile("\r\n?").sub
_BREAKS = re.compile(r"[ \t]*[\r\n]+[ \t]*").sub


def readable(text: str) -> str:
    """The text with line feeds alone; raises `ValueError` at control characters and halves of surrogate pairs."""
    if _UNREADABLE(text):
        raise ValueError("Ce texte contient un caractère invisible : effacez-le, puis récrivez le passage.")
    return _LINE_ENDS("\n", text) if "\r" in text else text


def on_one_line(text: str) -> str:
    """The same on one line: what was copied from several lines is joined by spaces."""
    text = readable(text)
    return _BREAKS(" ", text) if "\n" in text else text


READABLE = AfterValidator(readable)
"""For texts of several lines."""
ONE_LINE = AfterValidator(on_one_line)
"""For titles and names."""
