"""What commands write: results on the standard output, all the rest on the other one."""

import json
import sys
from typing import Any

from rich.console import Console


def out() -> Console:
    """For the result that the person asked for."""
    return Console(highlight=False, soft_wrap=True)


def err() -> Console:
    """For progress and trouble: a program that reads the output does not meet it."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(result: Any) -> None:
    """The result for a program: one JSON document on the standard output."""
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=2, default=str) + "\n")
    sys.stdout.flush()
