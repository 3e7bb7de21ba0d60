"""The example agreements and policies of a local system, in the form in which the service keeps them."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from services.purchasing.model.market import Agreement, Market, Policy
from shared.reference.directory import directory, members

PATH: Final = Path(__file__).parents[1] / "data" / "example_market.json"


class Examples(msgspec.Struct, frozen=True):
    """The whole file."""

    agreements: tuple[Agreement, ...]
    policies: tuple[Policy, ...]


@lru_cache(maxsize=1)
def examples() -> Examples:
    """What ships with the product: each is marked as an example."""
    return msgspec.json.decode(PATH.read_bytes(), type=Examples)


def example_market(on: date) -> Market:
    """A market that holds the examples; GHT codes become the members of that day."""
    shipped = examples()
    agreements = (msgspec.structs.replace(a, orderers=_establishments(a.orderers, on)) for a in shipped.agreements)
    return Market(0, tuple(agreements), shipped.policies)


def _establishments(codes: tuple[str, ...], on: date) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for code in codes:
        known = members(code, on) if code in directory().ghts else (directory().establishment(code),)
        found.update((establishment.finess, None) for establishment in known)
    return tuple(found)
