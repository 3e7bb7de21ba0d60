"""What commands write: results on standard output, everything else on standard error.

What people and other systems wrote is untrusted: it must set no colours, move no cursor, write to no clipboard. It goes
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
    """For progress and trouble, apart from the output that a program reads."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def visible(text: object) -> str:
    """The text with control characters escaped: an escape reads `\\x1b`."""
    return _COMMANDS(lambda found: _spelt(ord(found[0])), str(text))


def shown(text: object) -> str:
    """The same, escaped for rich's markup as well."""
    return escape(visible(text))


def shown_inline(text: object) -> str:
    """The same on one line: line ends and tabs are escaped, too."""
    return shown(str(text).replace("\n", "\\n").replace("\t", "\\t"))


def _spelt(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def print_json(result: Any) -> None:
    """The result for a program: one JSON document on the standard output."""
    written = json.dumps(result, ensure_ascii=False, indent=2, default=str)
    # Outside of its strings, JSON has none of these characters: escaped as JSON does, the document means the same.
    sys.stdout.write(_COMMANDS(lambda found: f"\\u{ord(found[0]):04x}", written) + "\n")
    sys.stdout.flush()
