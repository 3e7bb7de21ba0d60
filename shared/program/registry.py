"""The services of the product: names, addresses and ports derive from this list, the only one that names them all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """One service.

    `name` is its folder below `services/`, its database, and the source of its events; `path` the address under which
    its pages and its API (`{path}/api`) answer, so that one host name can hold all services; `port` where it listens
    unless the environment says otherwise; `label` its name on screens (French); `about` one line for programs.
    """

    name: str
    path: str
    port: int
    label: str
    about: str


REGISTRY: Final[tuple[ServiceEntry, ...]] = (
    ServiceEntry("request", "/demandes", 8001, "Demandes", "requests: write, submit and follow requests for software"),
    ServiceEntry(
        "review", "/instruction", 8002, "Instruction", "reviews: work the checks of a request and give opinions"
    ),
    ServiceEntry("purchasing", "/achats", 8003, "Achats", "purchasing: qualify a purchase, route it, ask the members"),
)
HOME: Final = "request"
"""The service that answers `/` and signs people in."""

BY_NAME: Final[Mapping[str, ServiceEntry]] = {entry.name: entry for entry in REGISTRY}
SERVICES: Final[tuple[str, ...]] = tuple(BY_NAME)


def path_of(service: str) -> str:
    """The address of a service's pages; raises `KeyError` for a name that is not registered."""
    return BY_NAME[service].path


def api_of(service: str) -> str:
    """The address below which its API answers."""
    return f"{path_of(service)}/api"
