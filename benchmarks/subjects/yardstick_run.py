"""The yardstick on the servers of a benchmark: three databases, three topics, three processes."""

import itertools
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from benchmarks.load.journey import Subject
from benchmarks.load.loadgen import Check, Script
from benchmarks.subjects import topics
from benchmarks.subjects.servers import Servers, started
from benchmarks.subjects.yardstick import CHECKS, SCHEMAS, TOPIC
from deploy.local.processes.child import Command
from deploy.local.processes.ports import free_ports
from deploy.local.servers.databases import database_of, drop_database
from deploy.local.settings import HOST, ROOT

_RUNS = itertools.count(1)
_JSON = "content-type: application/json\r\n"
UNDECIDED = "SELECT count(*) FROM cases WHERE created_at >= $SINCE AND status <> 'decided'"
COUNTED = """
SELECT count(*), count(decided_at), min(created_at), percentile_cont(0.5) WITHIN GROUP (ORDER BY ms),
    percentile_cont(0.99) WITHIN GROUP (ORDER BY ms)
FROM (SELECT *, extract(epoch FROM decided_at - created_at)::float8 * 1000 AS ms FROM cases
      WHERE created_at >= $SINCE) AS c
"""


@contextmanager
def yardstick(servers: Servers, callers: int) -> Iterator[Subject]:
    """The yardstick, ready; its databases are dropped with it."""
    run = str(next(_RUNS))
    databases = {role: f"yardstick_{role}_{run}" for role in SCHEMAS}
    ports = dict(zip(SCHEMAS, free_ports(len(SCHEMAS)), strict=True))
    for role, name in databases.items():
        servers.execute("postgres", f"CREATE DATABASE {name}")
        servers.execute(name, *SCHEMAS[role].split(";"))
    names = [f"{topic}-{run}" for topic in TOPIC.values()]
    topics.create(servers.kafka, [topics.Plain(name) for name in names])
    servers.execute("postgres", "CHECKPOINT")
    commands = [_command(servers, role, databases[role], ports[role], run) for role in SCHEMAS]
    try:
        with started(commands, lambda place: answers(f"http://{HOST}:{list(ports.values())[place]}/")) as children:
            yield Subject(
                name="yardstick",
                database=databases["request"],
                databases=databases,
                ports=ports,
                pids={role: child.pid for role, child in zip(SCHEMAS, children, strict=True)},
                script=_script(ports, callers),
                undecided=UNDECIDED,
                counted=COUNTED,
                topics=names,
            )
    finally:
        for name in databases.values():
            drop_database(servers.postgres, name)


def _command(servers: Servers, role: str, database: str, port: int, run: str) -> Command:
    dsn = database_of(servers.postgres, database)
    told = orjson.dumps({"dsn": dsn, "kafka": servers.kafka, "run": run, "port": port}).decode()
    return Command(
        name=f"yardstick {role}",
        argv=(sys.executable, "-m", "benchmarks.subjects.yardstick", role, told),
        log=servers.folder / f"yardstick-{role}.log",
        folder=ROOT,
    )


def _script(ports: dict[str, int], callers: int) -> Script:
    opinion = orjson.dumps({"opinion": "favourable", "by": "reviewer"}).decode()
    bodies = [{"title": "Imaging viewer", "department": "radiology", "cost": cost} for cost in (900, 12_000, 80_000)]
    return Script(
        request_port=ports["request"],
        review_port=ports["review"],
        submit_headers=_JSON,
        submit_bodies=[orjson.dumps(body).decode() for body in bodies],
        list_headers="",
        checks=[Check(kind, _JSON, opinion) for kind in CHECKS],
        callers=callers,
        keys=False,
    )


def answers(url: str) -> bool:
    """Whether a service answers with success."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 -- our own service
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
