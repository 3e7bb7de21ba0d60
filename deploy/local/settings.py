"""Where a local system keeps its things and which ports it takes, from the `CONVERGENCE_*` variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from shared.program.registry import BY_NAME

ROOT: Final = Path(__file__).resolve().parents[2]
HOST: Final = "127.0.0.1"


PORTS: Final = ("POSTGRES_PORT", "KAFKA_PORT", "KAFKA_CONTROLLER_PORT", *(f"{name.upper()}_PORT" for name in BY_NAME))
"""The variables of every port that a system takes, without `CONVERGENCE_`."""


class Misconfigured(Exception):
    """The environment asks for something that cannot be done; the message says which variable to change."""


@dataclass(frozen=True)
class LocalSettings:
    """A local system's data folder and ports; the addresses `postgres` and `kafka` replace the embedded servers."""

    data: Path
    postgres_port: int
    kafka_port: int
    kafka_controller_port: int
    service_ports: Mapping[str, int]
    postgres: str | None = None
    kafka: str | None = None
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def jars(self) -> Path:
        """Kafka's program. It is the same for every data folder, so test runs in temporary folders share it."""
        return Path(self.given.get("CONVERGENCE_JARS") or ROOT / ".data" / "jars")

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def run_file(self) -> Path:
        return self.data / "run.json"

    @property
    def lock_file(self) -> Path:
        return self.data / "lock"


def local_settings(environ: Mapping[str, str] | None = None) -> LocalSettings:
    """Read the environment; raises `Misconfigured` with all that is wrong at once."""
    env = dict(os.environ if environ is None else environ)
    wrong: list[str] = []

    def port(name: str, default: int) -> int:
        text = env.get(name) or str(default)
        if text.isdigit() and 0 < int(text) < 65536:
            return int(text)
        wrong.append(f"{name}={text!r} is not a port between 1 and 65535")
        return default

    kafka_port = port("CONVERGENCE_KAFKA_PORT", 19092)
    settings = LocalSettings(
        data=Path(env.get("CONVERGENCE_DATA") or ROOT / ".data").expanduser().resolve(),
        postgres_port=port("CONVERGENCE_POSTGRES_PORT", 54329),
        kafka_port=kafka_port,
        kafka_controller_port=port("CONVERGENCE_KAFKA_CONTROLLER_PORT", kafka_port + 1),
        service_ports={name: port(f"CONVERGENCE_{name.upper()}_PORT", entry.port) for name, entry in BY_NAME.items()},
        postgres=env.get("CONVERGENCE_POSTGRES") or None,
        kafka=env.get("CONVERGENCE_KAFKA") or None,
        given={name: value for name, value in env.items() if name.startswith("CONVERGENCE_") and value},
    )
    if wrong:
        raise Misconfigured("; ".join(wrong))
    return settings
