"""The `CONVERGENCE_*` variables of a local system, the same as in production."""

from collections.abc import Mapping

from deploy.local.credentials import Credentials, kept_credentials
from deploy.local.settings import HOST, LocalSettings, local_settings
from shared.program.registry import SERVICES


def site_environment(
    admin: str,
    kafka: str,
    ports: Mapping[str, int],
    credentials: Credentials,
    databases: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """What the services are told. `admin` is the superuser's DSN, `databases` the database of each service."""
    names = databases or {service: service for service in SERVICES}
    env = {
        "CONVERGENCE_MODE": "local",
        "CONVERGENCE_HOST": HOST,
        "CONVERGENCE_KAFKA": kafka,
        "CONVERGENCE_SESSION_SECRET": credentials.session_secret,
        "CONVERGENCE_RATES": "0",  # demo, benchmark and campaign are a whole site's callers with a few accounts
    }
    for service in SERVICES:
        upper = service.upper()
        env |= {
            f"CONVERGENCE_{upper}_DATABASE": credentials.dsn(admin, f"{service}_app", names[service]),
            f"CONVERGENCE_{upper}_OWNER_DATABASE": credentials.dsn(admin, f"{service}_owner", names[service]),
            f"CONVERGENCE_{upper}_PORT": str(ports[service]),
            f"CONVERGENCE_{upper}_URL": f"http://{HOST}:{ports[service]}",
        }
    return env


def postgres_address(settings: LocalSettings, credentials: Credentials) -> str:
    """DSN of the superuser: the server that the environment gives, or the embedded one."""
    if settings.postgres:
        return settings.postgres
    return f"postgresql://postgres:{credentials.passwords['postgres']}@{HOST}:{settings.postgres_port}/postgres"


def local_environment(settings: LocalSettings | None = None) -> dict[str, str]:
    """What the services of `convergence up` are given; variables that are set already take precedence."""
    local = settings or local_settings()
    credentials = kept_credentials(local.data)
    ours = site_environment(
        postgres_address(local, credentials),
        local.kafka or f"{HOST}:{local.kafka_port}",
        local.service_ports,
        credentials,
    )
    return {**ours, **local.given}
