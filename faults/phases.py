"""How the time of a run is spent."""

import time


class Phases:
    """How long each part of a run took."""

    def __init__(self) -> None:
        self.phases: dict[str, float] = {}
        self._since = time.monotonic()

    def over(self, phase: str) -> None:
        """End this phase, begin the next."""
        self.phases[phase] = time.monotonic() - self._since
        self._since = time.monotonic()
