"""Fixtures that give a test real servers; their signatures are described in `tests/helpers/servers.py`.

Servers start when a test first asks for one: `tests/unit` and `tests/contract` never do.
"""

import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.credentials import Credentials
from deploy.local.servers.topics import ensure_topics
from deploy.local.servers.unprivileged import temporary_folder
from shared.contracts.catalogue import TOPICS
from tests.helpers import broker
from tests.helpers.servers import Database, TestRun
from tests.helpers.site import RunningSite, fresh_site
from tests.helpers.system import LiveSystem
from tests.helpers.system import live_system as system_in
from tests.properties import profiles

_RUN = pytest.StashKey[TestRun]()
_WITHOUT_SERVERS = ("unit", "contract")
_SERVERS = {"postgres_server", "kafka_server"}
TESTS = Path(__file__).parent
# Before the command line is read: `--hypothesis-profile` names one of them.
profiles.register()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_RUN] = TestRun.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[_RUN].end()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0] if item.path.is_relative_to(TESTS) else ""
        if folder in _WITHOUT_SERVERS and _SERVERS & set(getattr(item, "fixturenames", ())):
            raise pytest.UsageError(f"{item.nodeid}: tests/{folder} must not start servers")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    sources = config.stash[_RUN].sources()
    terminalreporter.section("servers")
    for line in sources or ["none was needed"]:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> TestRun:
    return pytestconfig.stash[_RUN]


@pytest.fixture(scope="session")
def postgres_server(run: TestRun) -> str:
    """Superuser DSN of the PostgreSQL of this run."""
    return run.server("postgres").address


@pytest.fixture(scope="session")
def kafka_server(run: TestRun, worker: str) -> str:
    """Bootstrap servers of this worker's own Kafka."""
    return run.server("kafka", worker).address


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """`-gw0`, `-gw1` under xdist, else nothing."""
    workerinput = getattr(request.config, "workerinput", None)
    return f"-{workerinput['workerid']}" if workerinput else ""


@pytest.fixture(scope="session")
def credentials(run: TestRun) -> Credentials:
    """Passwords of the services' roles, and the session secret."""
    return run.credentials


@pytest.fixture(scope="session")
def create_database(run: TestRun, postgres_server: str) -> Callable[[str], Database]:
    """Makes a fresh, migrated database of a service."""
    return run.database


@pytest.fixture
def request_database(create_database: Callable[[str], Database]) -> Database:
    return create_database("request")


@pytest.fixture
def review_database(create_database: Callable[[str], Database]) -> Database:
    return create_database("review")


@pytest.fixture
def purchasing_database(create_database: Callable[[str], Database]) -> Database:
    return create_database("purchasing")


@pytest.fixture
def topic_prefix() -> str:
    """Unique to the test."""
    return f"t-{secrets.token_hex(6)}"


@pytest.fixture(scope="session")
def create_topics(kafka_server: str) -> Callable[..., None]:
    """`create_topics(*names, partitions=1)`: topics of one's own."""

    def create(*names: str, partitions: int = 1) -> None:
        broker.run_apart(broker.create_topics(kafka_server, names, partitions))

    return create


@pytest.fixture
def catalogue_topics(kafka_server: str) -> str:
    """Bootstrap servers; the catalogue's topics exist and are empty, and no consumer group is left."""
    broker.run_apart(broker.wipe(kafka_server))
    broker.run_apart(ensure_topics(kafka_server, TOPICS))
    return kafka_server


@pytest.fixture(scope="module")
def site(
    run: TestRun,
    kafka_server: str,
    create_database: Callable[[str], Database],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningSite]:
    """The services on fresh databases and empty topics, ready to serve; ended with the module."""
    with fresh_site(run, kafka_server, create_database, tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="module")
def live_system() -> Iterator[LiveSystem]:
    """A whole `convergence up` of its own, ready, whose parts may be killed; ended with the module."""
    folder = temporary_folder()
    try:
        with system_in(folder) as system:
            yield system
    finally:
        shutil.rmtree(folder)
