"""The product on the servers of a benchmark: the real services as processes, with everything on.

Databases are migrated once and copied for each run; topics have a prefix of their own.
"""

import itertools
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import httpx
import orjson

from benchmarks.load.journey import Subject
from benchmarks.load.loadgen import Check, Script
from benchmarks.subjects import topics
from benchmarks.subjects.servers import Servers, started
from benchmarks.subjects.yardstick_run import answers
from convergence.scenario import cast
from deploy.local.environment import site_environment
from deploy.local.processes.child import Command
from deploy.local.processes.ports import free_ports
from deploy.local.servers.databases import copy_database, create_database, drop_database
from deploy.local.servers.migrations import migrate
from deploy.local.settings import HOST, ROOT
from services.review.model.check_kinds import asked_checks
from shared.contracts.catalogue import TOPICS
from shared.identity.demo import REVIEWER_OF, SUPPORT
from shared.program.registry import HOME, SERVICES, api_of
from shared.reference.domains import domains

_RUNS = itertools.count(1)
REQUESTER = cast.requester(SUPPORT)
OPINION = {
    "opinion": "favourable",
    "checklist": "all_met",
    "comment": "Dossier technique relu, environnement de test visité.",
}
NEED = {
    "kind": "new",
    "title": "Gestion des inventaires du magasin général",
    "description": "Nous tenons l’inventaire sur un tableau partagé ; deux personnes ne peuvent pas l’ouvrir à la fois.",
    "users": 46,
    "sites": "Magasin général, pharmacie à usage intérieur",
    "known_products": "Aucun",
    "data": "none",
    "care_stops": False,
    "urgency": "normal",
    "cpv": "48000000",
}
AMOUNTS = (90_000, 1_200_000, 8_000_000)
"""Euro cents: one below the direct purchase limit, two above."""

STARTED = "service_started"
"""What a consumer process says in its log when it is at work: it has no address to ask."""
UNDECIDED = "SELECT count(*) FROM request WHERE created_at >= $SINCE AND stage <> 'route_proposed'"
COUNTED = """
SELECT count(*), count(*) FILTER (WHERE stage = 'route_proposed'), min(created_at), 0, 0 FROM request
WHERE created_at >= $SINCE
"""
# Both ends on the database's clock and one commit before anybody can read them, as the yardstick has them.
PROBE = (
    "CREATE TABLE bench_probe (case_id uuid PRIMARY KEY, created timestamptz NOT NULL, decided timestamptz)",
    """CREATE FUNCTION bench_created() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN INSERT INTO bench_probe VALUES (NEW.case_id, clock_timestamp(), NULL); RETURN NULL; END $$""",
    """CREATE FUNCTION bench_decided() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN UPDATE bench_probe SET decided = clock_timestamp() WHERE case_id = NEW.case_id; RETURN NULL; END $$""",
    "CREATE TRIGGER bench_created AFTER INSERT ON request FOR EACH ROW EXECUTE FUNCTION bench_created()",
    """CREATE TRIGGER bench_decided AFTER UPDATE ON request FOR EACH ROW
    WHEN (NEW.stage = 'route_proposed' AND OLD.stage <> 'route_proposed') EXECUTE FUNCTION bench_decided()""",
)
PROBED = """
SELECT count(*), count(decided), min(created), percentile_cont(0.5) WITHIN GROUP (ORDER BY ms),
    percentile_cont(0.99) WITHIN GROUP (ORDER BY ms)
FROM (SELECT *, extract(epoch FROM decided - created)::float8 * 1000 AS ms FROM bench_probe
      WHERE created >= $SINCE) AS c
"""


class Product:
    """Makes running products: `with product.running(callers) as subject`."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._templates = {service: f"template_{service}" for service in SERVICES}
        for service, name in self._templates.items():
            create_database(servers.postgres, service, name)
            migrate(service, servers.postgres, name, servers.credentials)

    @contextmanager
    def running(
        self,
        callers: int,
        *,
        probe: bool = False,
        wrapped: Mapping[str, tuple[str, ...]] | None = None,
        workers: int = 0,
    ) -> Iterator[Subject]:
        """The product, ready. `probe` times each case in the database; `wrapped` are other words to start a service.

        With `workers`, each service is a web process and so many consumers; without, one process that does all.
        """
        run, servers = next(_RUNS), self._servers
        databases = {service: f"{service}_{run}" for service in SERVICES}
        ports = dict(zip(SERVICES, free_ports(len(SERVICES)), strict=True))
        prefix = f"run{run}."
        for service, name in databases.items():
            copy_database(servers.postgres, service, self._templates[service], name)
        if probe:
            servers.execute(databases["request"], *PROBE)
        topics.create_catalogue(servers.kafka, prefix)
        servers.execute("postgres", "CHECKPOINT")
        environment = self._environment(databases, ports) | {"CONVERGENCE_KAFKA_PREFIX": prefix}
        role = ("web",) if workers else ()
        usual = {service: (sys.executable, "-m", f"services.{service}", *role) for service in SERVICES}
        fronts = [
            Command(service, words, servers.folder / f"{service}.log", environment, ROOT)
            for service, words in {**usual, **(wrapped or {})}.items()
        ]
        places = [f"http://{HOST}:{ports[front.name]}/health/ready" for front in fronts]
        behind = [
            replace(front, argv=(*front.argv[:-1], "worker"), log=servers.folder / f"{front.name}-{run}-{number}.log")
            for front in fronts
            for number in range(workers)
        ]
        try:
            with (
                started(fronts, lambda place: answers(places[place])) as children,
                started(behind, lambda place: STARTED in behind[place].log.read_text()) as helpers,
            ):
                yield Subject(
                    name="product",
                    database=databases["request"],
                    databases=databases,
                    ports=ports,
                    pids={front.name: child.pid for front, child in zip(fronts, children, strict=True)},
                    helpers={
                        front.name: [child.pid for child in helpers if child.command.name == front.name]
                        for front in fronts
                    },
                    prefix=prefix,
                    topics=[prefix + topic.name for topic in TOPICS],
                    script=_script(ports, callers),
                    undecided=UNDECIDED,
                    counted=PROBED if probe else COUNTED,
                )
        finally:
            for name in databases.values():
                drop_database(servers.postgres, name)

    def _environment(self, databases: Mapping[str, str], ports: Mapping[str, int]) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CONVERGENCE_")}
        servers = self._servers
        return inherited | site_environment(servers.postgres, servers.kafka, ports, servers.credentials, databases)


def _script(ports: Mapping[str, int], callers: int) -> Script:
    domain = min(domains())
    bodies = [orjson.dumps({**NEED, "domain": domain, "estimated_amount_cents": cents}).decode() for cents in AMOUNTS]
    opinion = orjson.dumps(OPINION).decode()
    kinds = asked_checks(str(NEED["data"]))
    checks = [Check(kind, _headers(ports, REVIEWER_OF[kind]), opinion) for kind in kinds]
    return Script(
        request_port=ports["request"],
        review_port=ports["review"],
        submit_headers=_headers(ports, REQUESTER),
        submit_bodies=bodies,
        list_headers=checks[0].headers,
        checks=checks,
        callers=callers,
        keys=True,
    )


def _headers(ports: Mapping[str, int], account: str) -> str:
    return f"content-type: application/json\r\nauthorization: Bearer {token(ports, account)}\r\n"


def token(ports: Mapping[str, int], account: str) -> str:
    """A session of this demo account, good for every service of a running product."""
    address = f"http://{HOST}:{ports[HOME]}{api_of(HOME)}/sessions"
    return str(httpx.post(address, json={"account": account}).raise_for_status().json()["token"])
