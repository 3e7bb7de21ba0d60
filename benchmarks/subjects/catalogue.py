"""What can be measured, by name."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.load.journey import Measures, measure
from benchmarks.load.loadgen import Load
from benchmarks.measures.memory import watched
from benchmarks.measures.meter import Meter
from benchmarks.subjects.peers.run import NAMES, measure_peer
from benchmarks.subjects.product import Product
from benchmarks.subjects.servers import Servers
from benchmarks.subjects.yardstick_run import yardstick

LOW_RATE = 20.0
"""Cases a second at which latency is measured: far from saturation, so it is service and not queueing."""


CROWD = 4
"""Times the callers of `floor-http`, for `product-crowd`."""


@dataclass(frozen=True)
class Sizes:
    """How large each measurement is."""

    cases: int
    low_rate_cases: int
    callers: int
    idle_seconds: float
    peer_cases: int = 250
    """Of the slowest peer; the others get more."""


@dataclass(frozen=True)
class Bench:
    """The servers of this run, the product on them, and the sizes."""

    servers: Servers
    product: Product
    sizes: Sizes


def floor_http(bench: Bench) -> Measures:
    """The yardstick, as fast as it goes."""
    with yardstick(bench.servers, bench.sizes.callers) as subject:
        return measure(bench.servers, subject, Load(bench.sizes.cases, 0))


def floor_http_lat(bench: Bench) -> Measures:
    """The yardstick at a low rate."""
    with yardstick(bench.servers, bench.sizes.callers) as subject:
        return measure(bench.servers, subject, Load(bench.sizes.low_rate_cases, LOW_RATE))


def product(bench: Bench) -> Measures:
    """The product, as fast as it goes."""
    return _as_fast_as_it_goes(bench, bench.sizes.callers)


def product_crowd(bench: Bench) -> Measures:
    """The product with more people at once: the more commands arrive together, the more of them share a commit."""
    return _as_fast_as_it_goes(bench, CROWD * bench.sizes.callers)


def _as_fast_as_it_goes(bench: Bench, callers: int) -> Measures:
    with bench.product.running(callers) as subject:
        return measure(bench.servers, subject, Load(bench.sizes.cases, 0))


def product_lat(bench: Bench) -> Measures:
    """The product at a low rate, with a probe in its database at both ends of a case."""
    with bench.product.running(bench.sizes.callers, probe=True) as subject:
        return measure(bench.servers, subject, Load(bench.sizes.low_rate_cases, LOW_RATE))


def idle(bench: Bench) -> Measures:
    """The product while nobody uses it. `everything` is the services and PostgreSQL: all but Kafka."""
    with bench.product.running(bench.sizes.callers) as subject:
        time.sleep(bench.sizes.idle_seconds / 4)  # let start-up work finish
        parts = subject.parts | {"postgres": [bench.servers.postgres_pid], "kafka": [bench.servers.kafka_pid]}
        with watched(parts) as memory:
            meter, start = Meter(parts), time.monotonic()
            time.sleep(bench.sizes.idle_seconds)
            seconds = time.monotonic() - start
            measures = {f"{name}_ms_s": 1000 * spent / seconds for name, spent in meter.spent().items()}
        measures["services_ms_s"] = sum(measures[f"{name}_ms_s"] for name in subject.pids)
        measures["everything_ms_s"] = measures["services_ms_s"] + measures["postgres_ms_s"]
        return measures | memory.measures()


def _peer(name: str) -> Callable[[Bench], Measures]:
    return lambda bench: measure_peer(bench.servers, name, bench.sizes.peer_cases)


PEERS: dict[str, Callable[[Bench], Measures]] = {name: _peer(name) for name in NAMES}
SUBJECTS: dict[str, Callable[[Bench], Measures]] = {
    "floor-http": floor_http,
    "product": product,
    "product-crowd": product_crowd,
    "floor-http-lat": floor_http_lat,
    "product-lat": product_lat,
    "idle": idle,
    **PEERS,
}
ONCE = {"idle"}
"""Measured in the first round only."""
