"""What people asked for and what they were told, in the order in which they were told it: a file of JSON lines.

A line is written after an answer arrived, never before: it is all that the checker may believe.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Line:
    """`kind`: asked (sent for the first time), told (2xx), refused (4xx), unanswered (given up), seen (read on a page).

    `of` tells commands of one case apart: a check, a question, an establishment. `at` is in Unix seconds.
    """

    at: float
    kind: str
    act: str
    case: str
    of: str = ""
    said: dict[str, Any] = field(default_factory=dict)
    heard: dict[str, Any] = field(default_factory=dict)
    tries: int = 1


class Ledger:
    """Appends lines; each is on disk, as far as a killed process goes, when `write` returns."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = path.open("ab", buffering=0)
        self._clock = clock
        self.told = 0

    def write(
        self,
        kind: str,
        act: str,
        case: str,
        of: str = "",
        said: dict[str, Any] | None = None,
        heard: dict[str, Any] | None = None,
        tries: int = 1,
    ) -> None:
        """One more line."""
        line = Line(self._clock(), kind, act, case, of, said or {}, heard or {}, tries)
        self._file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        self.told += kind == "told"

    def close(self) -> None:
        self._file.close()


def read_ledger(path: Path) -> list[Line]:
    """The lines of a ledger, in order."""
    return [Line(**orjson.loads(text)) for text in path.read_bytes().splitlines()]
