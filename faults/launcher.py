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

NEW_DATA = {"data": "tomorrow", "data_label": "Données de demain"}
NEW_CHECK = {"kind": "tomorrow", "kind_label": "Volet de demain"}
"""Words of the next version: who reads them shows them by their labels."""


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
    """One step ahead, as a later version may be: every event has a field more, some say words that are new, and with
    whatever a decision tells comes an event of a type that nobody knows.
    """
    from typing import ClassVar

    import orjson
    from msgspec.structs import replace

    from shared.casework import decide
    from shared.contracts.event import CaseEvent, Event

    in_json, in_order = Event.model_dump_json, decide._decide

    def as_tomorrow(self: Event, **options: Any) -> str:
        said = orjson.loads(in_json(self, **options)) | {"said_by_next_version": True}
        if self.type.startswith("convergence.request-submitted."):
            said["need"] |= NEW_DATA
        elif self.type.startswith("convergence.review-opened."):
            said["checks"].append(said["checks"][0] | NEW_CHECK)
        return orjson.dumps(said).decode()

    def and_more(decision: Any) -> Any:
        def decided(state: Any) -> Any:
            outcome = decision(state)
            for first in outcome.events[:1]:
                kind: Any = type("NextStepV1", (NextStep,), {"topic": first.topic, "__module__": __name__})
                return replace(outcome, events=(*outcome.events, kind(case_id=first.case_id)))
            return outcome

        return decided

    def all_and_more(store: Any, works: Any, before: Any) -> Any:
        return in_order(store, [replace(work, decide=and_more(work.decide)) for work in works], before)

    class NextStep(CaseEvent):
        type: ClassVar[str] = "convergence.next-step.v1"

    setattr(Event, "model_dump_json", as_tomorrow)  # noqa: B010
    setattr(decide, "_decide", all_and_more)  # noqa: B010


if __name__ == "__main__":
    main(sys.argv[1])
