"""PostgreSQL and Kafka by testcontainers, where a Docker engine answers and has the images; nothing is pulled."""

import os
import time
from contextlib import ExitStack

import docker
import docker.errors
import psycopg

from deploy.local.settings import HOST

# Our keeper ends the containers, and the reaper's image would have to be pulled. Read by testcontainers at import.
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")

from testcontainers.core.config import ConnectionMode
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import DockerClient

_PATIENCE = 60.0


def has_image(image: str) -> bool:
    """Whether an engine answers and has it."""
    if os.environ.get("CONVERGENCE_TEST_DOCKER", "yes") == "no":
        return False
    try:
        client = docker.from_env(timeout=5)
    except docker.errors.DockerException:
        return False
    try:
        client.images.get(image)
    except docker.errors.DockerException:
        return False
    finally:
        client.close()
    return True


def postgres_image() -> str:
    return os.environ.get("CONVERGENCE_TEST_POSTGRES_IMAGE", "postgres:18")


def kafka_image() -> str:
    return os.environ.get("CONVERGENCE_TEST_KAFKA_IMAGE", "apache/kafka:4.1.0")


def postgres_container(stack: ExitStack, password: str) -> tuple[str, str] | None:
    """Superuser DSN and a name for the report; none where Docker cannot give one. Ends with `stack`."""
    image = postgres_image()
    if not has_image(image):
        return None
    container = DockerContainer(image).with_env("POSTGRES_PASSWORD", password).with_exposed_ports(5432)
    stack.enter_context(container)
    host = container.get_container_host_ip()
    address = f"postgresql://postgres:{password}@{host}:{container.get_exposed_port(5432)}/postgres"
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            with psycopg.connect(address, connect_timeout=2):
                return address, f"testcontainers, image {image}"
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def kafka_container(stack: ExitStack, port: int) -> tuple[str, str] | None:
    """Bootstrap servers and a name for the report; none where Docker cannot give one. `port` is free on the host."""
    image = kafka_image()
    if not has_image(image):
        return None
    container = DockerContainer(image).with_bind_ports(port, port)
    host = _host(container.get_docker_client())
    if host is None:
        return None
    for name, value in _kafka_settings(host, port).items():
        container.with_env(name, value)
    stack.enter_context(container)
    return f"{host}:{port}", f"testcontainers, image {image}"


def _host(client: DockerClient) -> str | None:
    """Under which name the tests will see a container; a broker must be told before it starts."""
    match client.get_connection_mode():
        case ConnectionMode.docker_host:
            return str(client.host())
        case ConnectionMode.gateway_ip:  # the engine runs beside us in the same container
            return HOST
        case ConnectionMode.bridge_ip:  # known to nobody before the container is up
            return None


def _kafka_settings(host: str, port: int) -> dict[str, str]:
    """The image turns `KAFKA_A_B` into `a.b`; the broker is told under which address the tests see it."""
    return {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": f"1@{HOST}:29093",
        "KAFKA_LISTENERS": f"PLAINTEXT://0.0.0.0:{port},CONTROLLER://{HOST}:29093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{host}:{port}",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "8",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
    }
