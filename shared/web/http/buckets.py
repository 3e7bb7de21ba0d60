"""Token buckets in bounded memory, one float for each key."""

import time
from collections import OrderedDict
from collections.abc import Callable

REMEMBERED = 20_000
"""Keys per process; the one not seen for longest is forgotten first, and starts again with a full bucket."""
BURST_SECONDS = 10
"""A bucket holds what its rate gives in this time."""


class Buckets:
    """`rate` takes a second for each key, after a burst of `BURST_SECONDS` of it."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic, most: int = REMEMBERED) -> None:
        self._each = 1 / rate
        self._clock = clock
        self._most = most
        # The moment at which a key's bucket is full again; kept in the order of last use.
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, key: str) -> float:
        """Take one; 0.0, or the seconds until there is one again, and nothing was taken."""
        now, kept = self._clock(), self._full_at
        full_at = max(kept.get(key, now), now) + self._each
        wait = full_at - now - BURST_SECONDS
        if wait > self._each * 1e-6:
            return wait
        kept[key] = full_at
        kept.move_to_end(key)
        if len(kept) > self._most:
            kept.popitem(last=False)
        return 0.0
