"""The result of a seed, as data to write to a file."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from faults.checker.evidence import Struck
from faults.checker.objection import Objection


@dataclass
class Result:
    """`crash` says why the run itself broke down: then the checker had nothing to look at, and the seed proves nothing."""

    seed: int
    cases: int
    lived: int = 0
    objections: list[Objection] = field(default_factory=list)
    strikes: list[Struck] = field(default_factory=list)
    ends: dict[str, int] = field(default_factory=dict)
    told: int = 0
    sent_again: int = 0
    messages: int = 0
    repetitions: int = 0
    drained_in: float | None = None
    took: float = 0.0
    phases: dict[str, float] = field(default_factory=dict)
    """Seconds of each part of the run, in their order."""
    deaths: list[str] = field(default_factory=list)
    crash: str = ""
    commit: str = ""

    @property
    def good(self) -> bool:
        return not self.objections and not self.crash

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Result":
        """What `as_data` gave."""
        objections = [Objection(**one) for one in data["objections"]]
        return cls(**{**data, "objections": objections, "strikes": [Struck(**one) for one in data["strikes"]]})


def counted_ends(ends: list[str]) -> dict[str, int]:
    """How many cases ended in each way."""
    return dict(Counter(end.split(":")[0] for end in ends))
