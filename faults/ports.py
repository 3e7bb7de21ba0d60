"""Ports that stay ours while the process behind them is away.

Not from the range from which the system takes the near end of connections: while a killed server is down, one of the
thousands of connections of a run would get its port. Each process begins elsewhere, so that runs side by side do not meet.
"""

import os
from collections.abc import Iterator
from itertools import cycle

from deploy.local.processes.ports import is_free

FIRST, LAST = 10_000, 31_999
APART = 64
"""Ports between the beginnings of two processes: more than one run takes."""


def _from_here() -> Iterator[int]:
    span = LAST - FIRST + 1
    begin = os.getpid() * APART % span
    return cycle(FIRST + (begin + place) % span for place in range(span))


_candidates = _from_here()


def lasting_ports(count: int) -> list[int]:
    """Ports that nobody listens on and that this process did not hand out before."""
    found: list[int] = []
    while len(found) < count:
        port = next(_candidates)
        if is_free(port):
            found.append(port)
    return found
