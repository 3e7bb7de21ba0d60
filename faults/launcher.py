"""Runs one service as the campaign wants it: `python launcher.py request`, in the folder of the code to run.

Its clock follows a file, so that it can jump; it may carry a mutation, or be one version ahead. The product itself has
no switch for any of this.
"""

import mmap
import os
import runpy
import struct
import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any


def main(service: str) -> None:
    sys.path[0] = str(Path.cwd())
    _follow_clock(os.environ["CAMPAIGN_CLOCK"])
    if os.environ.get("CAMPAIGN_NEXT"):
        _be_the_next_version()
    if name := os.environ.get("CAMPAIGN_MUTATION"):
        from faults.mutations import MUTATIONS

        MUTATIONS[name].install()
    sys.argv = [f"services.{service}", *sys.argv[2:]]
    runpy.run_module(f"services.{service}", run_name="__main__", alter_sys=True)


def _follow_clock(path: str) -> None:
    """`shared.basics.clock` is the only clock of the services: shift what it reads by the seconds that stand in the file."""
    from shared.basics import clock

    with open(path, "rb") as file:  # noqa: PTH123 -- for its descriptor
        offset = mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime.now(tz) + timedelta(seconds=struct.unpack_from("d", offset)[0])

    setattr(clock, "datetime", Shifted)  # noqa: B010 -- mypy refuses to assign a class


def _be_the_next_version() -> None:
    """One step ahead: every event carries one more optional field, as a later version may."""
    from shared.contracts.event import Event

    as_today = Event.model_dump_json

    def as_tomorrow(self: Event, **options: Any) -> str:
        text = as_today(self, **options)
        return text[:-1] + ',"said_by_next_version":true}'

    setattr(Event, "model_dump_json", as_tomorrow)  # noqa: B010


if __name__ == "__main__":
    main(sys.argv[1])
