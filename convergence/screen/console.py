"""What commands write: results on the standard output, all the rest on the other one.

What people and other systems wrote is data: it sets no colours, moves no cursor and writes to no clipboard. It goes
through `shown` on its way to a console, through `visible` elsewhere.
"""

import json
import re
import sys
from typing import Any

from rich.console import Console
from rich.markup import escape

# Control characters but for line feeds and tabs, line ends that are none, directions that hide what a line says.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]").sub


def out() -> Console:
    """For the result that the person asked for."""
    return Console(highlight=False, soft_wrap=True)


def err() -> Console:
    """For progress and trouble: a program that reads the output does not meet it."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def visible(text: object) -> str:
    """The text with what would command a terminal spelt out: an escape reads `\\x1b`."""
    return _COMMANDS(lambda found: _spelt(ord(found[0])), str(text))


def shown(text: object) -> str:
    """The same for a console, to which square brackets mean nothing."""
    return escape(visible(text))


def shown_inline(text: object) -> str:
    """The same on one line: a line end of the data begins no line of ours."""
    return shown(str(text).replace("\n", "\\n").replace("\t", "\\t"))


def _spelt(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def print_json(result: Any) -> None:
    """The result for a program: one JSON document on the standard output."""
    written = json.dumps(result, ensure_ascii=False, indent=2, default=str)
    # Outside of its strings, JSON has none of these characters: spelt its own way, the document says the same.
    sys.stdout.write(_COMMANDS(lambda found: f"\\u{ord(found[0]):04x}", written) + "\n")
    sys.stdout.flush()
