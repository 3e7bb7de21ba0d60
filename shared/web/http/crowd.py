"""Who is connected to this process: bounds in all and per address."""

from collections import Counter

from shared.program.limits import Limits
from shared.web.http.origin import Origins
from shared.web.http.refusals import Full, OverLimit, TooManyFromHere
from shared.web.http.refused import Tally

SPARE = 64
"""Connections beyond a bound that are read as far as their headers, to refuse them in their language or answer a probe."""


class Crowd:
    """What the connections of one server share: the limits, the callers by address, the count of refusals."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.origins = Origins(limits.trusted_proxies)
        self.tally = Tally()
        self._by_address: Counter[str] = Counter()

    def enter(self, address: str | None, open_now: int) -> tuple[OverLimit | None, bool]:
        """Count one more: why it is turned away, if it is, and whether it may say first what it wants."""
        from_here = 0
        if address is not None:
            self._by_address[address] += 1
            from_here = self._by_address[address]
        if (beyond := open_now - self.limits.connections) > 0:
            return Full(), beyond <= SPARE
        if (beyond := from_here - self.limits.connections_per_address) > 0:
            return TooManyFromHere(), beyond <= SPARE
        return None, True

    def leave(self, address: str | None) -> None:
        """Count one less."""
        if address is not None:
            self._by_address[address] -= 1
            if not self._by_address[address]:
                del self._by_address[address]
