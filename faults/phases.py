"""Where the time of a run goes."""

import time


class Phases:
    """How long each part of a run took."""

    def __init__(self) -> None:
        self.phases: dict[str, float] = {}
        self._since = time.monotonic()

    def over(self, phase: str) -> None:
        """It ends here, and the next begins."""
        self.phases[phase] = time.monotonic() - self._since
        self._since = time.monotonic()
