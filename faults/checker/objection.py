"""What the checker says: which promise was broken, for which case, and what shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Objection:
    """`case` may be empty where the promise is not about one case."""

    promise: str
    case: str
    why: str

    def __str__(self) -> str:
        return f"{self.promise} · {self.case or '—'} · {self.why}"
