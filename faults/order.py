"""What a seed is asked to do: the same for all seeds of a campaign, but for its number and its folder."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from faults.plan import Fault, Round, plan


@dataclass(frozen=True, slots=True)
class Terms:
    """The settings that must be equal for results to be comparable, besides the code."""

    cases: int
    rounds: int
    only: tuple[Fault, ...] = ()
    mutation: str = ""

    def rounds_of(self, seed: int) -> tuple[Round, ...]:
        return plan(seed, self.rounds, self.only)

    def arguments(self) -> str:
        """What to give to `make faults` beside the seed to have the same again."""
        words = [f"--cases {self.cases} --rounds {self.rounds}"]
        words += [f"--only {' '.join(self.only)}"] if self.only else []
        return " ".join(words + ([f"--mutation {self.mutation}"] if self.mutation else []))


@dataclass(frozen=True, slots=True)
class Order:
    """One seed, run in `folder`."""

    seed: int
    terms: Terms
    folder: Path

    def text(self) -> str:
        """For the command line of the process that runs it."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def read(cls, text: str) -> "Order":
        data = json.loads(text)
        terms = data["terms"]
        only = tuple(Fault(fault) for fault in terms["only"])
        return cls(data["seed"], Terms(**{**terms, "only": only}), Path(data["folder"]))
