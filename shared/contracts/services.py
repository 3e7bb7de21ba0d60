"""The three services, by the names under which they sign their events."""

from typing import Final, Literal

ServiceName = Literal["request", "review", "purchasing"]
SERVICES: Final[tuple[ServiceName, ...]] = ("request", "review", "purchasing")
