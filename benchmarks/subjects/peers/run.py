"""A peer at work on the PostgreSQL of the run: a database of its own, one process, what both took."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from benchmarks.load.journey import Measures
from benchmarks.measures.memory import watched
from benchmarks.measures.meter import Meter
from benchmarks.subjects.peers.install import java_command, python_command
from benchmarks.subjects.servers import Servers
from deploy.local.servers.databases import database_of, drop_database

AT_ONCE = 16
"""Threads or tasks of an engine; more did not make them faster here."""
NAMES = {"camunda": "Camunda", "flowable": "Flowable", "spiff": "SpiffWorkflow", "dbos": "DBOS"}
# Instances beside those of the slowest: each peer gets some seconds.
_SHARE = {"camunda": 2.0, "flowable": 2.0, "spiff": 2.0, "dbos": 1.0}


def measure_peer(servers: Servers, peer: str, instances: int) -> Measures:
    """Raises `Missing` where this machine cannot run it, `RuntimeError` with what it said where it fails."""
    count = max(1, int(instances * _SHARE[peer]))
    commands: dict[str, Callable[[], list[str]]] = {
        "camunda": lambda: [*java_command("camunda"), str(count), str(count), str(AT_ONCE)],
        "flowable": lambda: [*java_command("flowable"), str(count), str(count), str(AT_ONCE)],
        "spiff": lambda: [*python_command("spiff_peer.py"), str(count), str(max(1, count // 10))],
        "dbos": lambda: [*python_command("dbos_peer.py"), str(count), str(max(1, count // 4)), str(AT_ONCE)],
    }
    command, database = commands[peer](), f"peer_{peer}"
    drop_database(servers.postgres, database)
    servers.execute("postgres", f"CREATE DATABASE {database}", "CHECKPOINT")
    try:
        return {"cases": count} | _run(servers, peer, command, database, count)
    finally:
        drop_database(servers.postgres, database)


def _run(servers: Servers, peer: str, command: list[str], database: str, count: int) -> Measures:
    log = servers.folder / f"peer-{peer}.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
            env={**os.environ, **_connection(servers, database)},
        ) as process,
    ):  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            _expect("MEASURING", peer, process.stdout, log)
            parts = {"engine": [process.pid], "postgres": [servers.postgres_pid]}
            with watched(parts) as memory:
                meter = Meter(parts)
                result = json.loads(_expect("RESULT", peer, process.stdout, log))
                spent = meter.spent()
            process.stdin.write("\n")
            process.stdin.flush()
            if process.wait(60):
                raise RuntimeError(f"{peer} failed:\n{log.read_text()[-3000:]}")
        finally:
            process.kill()
    costs = {f"{name}_ms_case": 1000 * seconds / count for name, seconds in spent.items()}
    return {**result, **costs, **memory.measures()}


def _expect(word: str, peer: str, said: IO[str], log: Path) -> str:
    for line in said:
        if line.startswith(word):
            return line.removeprefix(word).strip()
    raise RuntimeError(f"{peer} ended before {word}:\n{log.read_text(errors='replace')[-3000:]}")


def _connection(servers: Servers, database: str) -> dict[str, str]:
    """In the environment, because everybody can read arguments."""
    dsn = database_of(servers.postgres, database)
    parts = urlsplit(dsn)
    return {
        "PEER_DSN": dsn,
        "PEER_URL": f"postgresql://{parts.hostname}:{parts.port}{parts.path}",
        "PEER_USER": parts.username or "",
        "PEER_PASSWORD": parts.password or "",
    }
