"""Kafka's program: its jars from Maven Central by `jgo`, kept in one folder that appears only when it is whole."""

import fcntl
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from deploy.local.settings import Misconfigured

VERSION: Final = "4.1.0"
_COORDINATE: Final = f"org.apache.kafka:kafka_2.13:{VERSION}"
# Kafka logs nothing without it; alone, because its dependencies come with Kafka.
_LOGGING: Final = "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3"
_TRIES: Final = 3
Progress = Callable[[str], None]


def kafka_jars(jars: Path, say: Progress) -> Path:
    """The folder of Kafka's jars, fetched on first use (about 45 MB). Several processes may ask at once."""
    whole = jars / f"kafka-{VERSION}"
    if whole.is_dir():
        return whole
    jars.mkdir(parents=True, exist_ok=True)
    with (jars / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.is_dir():
            _fetch(jars, whole, say)
    return whole


def _fetch(jars: Path, whole: Path, say: Progress) -> None:
    cache, half = jars / "maven", jars / f"{whole.name}.new"
    for attempt in range(1, _TRIES + 1):
        try:
            paths = _resolve(cache, say)
            break
        except (OSError, RuntimeError, ValueError) as error:  # requests' errors are OSErrors; what came in is kept
            if attempt == _TRIES:
                raise Misconfigured(f"Kafka {VERSION} could not be fetched from Maven Central: {error}") from error
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir()
    for path in paths:
        os.link(path, half / path.name)
    half.rename(whole)
    shutil.rmtree(cache)


def _resolve(cache: Path, say: Progress) -> list[Path]:
    from jgo.maven import MavenContext  # slow to import, and needed once in the life of a checkout
    from jgo.parse import Coordinate

    logging.getLogger("jgo").setLevel(logging.ERROR)
    context = MavenContext(repo_cache=cache, timeout=30)
    say("reading the list of jars")
    kafka, logging_jar = (context.create_dependency(Coordinate.parse(each)) for each in (_COORDINATE, _LOGGING))
    inputs, needed = context.resolver.resolve([kafka])
    wanted = [logging_jar, *inputs, *(each for each in needed if each.scope in ("compile", "runtime"))]
    paths: list[Path] = []
    for number, dependency in enumerate(wanted, start=1):
        say(f"fetching jar {number} of {len(wanted)}")
        paths.append(Path(dependency.artifact.resolve()))
    return paths
