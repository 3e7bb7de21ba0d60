"""Migrates a service's database: plain SQL files, applied once each, in order, forward only."""

import asyncio
import sys
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import structlog
from yoyo import get_backend, read_migrations

from shared.program.settings import ServiceSettings, service_settings

log = structlog.get_logger()

ROOT = Path(__file__).resolve().parents[2]
PLUMBING = ROOT / "shared" / "database" / "migrations"

# The service's role reads and writes its tables; to the trail it may only append.
GRANTS = """
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};
REVOKE UPDATE, DELETE, TRUNCATE ON trail FROM {role};
"""


def migrate(settings: ServiceSettings) -> int:
    """Apply what is missing, then grant the service's role its rights; returns the number of files applied."""
    if settings.owner_database is None:
        raise SystemExit(f"CONVERGENCE_{settings.service.upper()}_OWNER_DATABASE is needed to migrate.")
    owner = settings.owner_database.get_secret_value()
    backend = get_backend(owner.replace("postgresql://", "postgresql+psycopg://", 1))
    folders = [str(PLUMBING), str(ROOT / "services" / settings.service / "migrations")]
    with backend.lock():
        missing = backend.to_apply(read_migrations(*folders))
        applied = len(missing)
        backend.apply_migrations(missing)
    role = urlsplit(settings.database.get_secret_value()).username
    if role is None:
        raise SystemExit(f"CONVERGENCE_{settings.service.upper()}_DATABASE must name the service's role.")
    asyncio.run(_grant(owner, role))
    log.info("migrated", service=settings.service, files=applied)
    return applied


async def _grant(owner: str, role: str) -> None:
    db = await asyncpg.connect(owner)
    try:
        await db.execute(GRANTS.format(role='"' + role.replace('"', '""') + '"'))
    finally:
        await db.close()


if __name__ == "__main__":
    migrate(service_settings(sys.argv[1]))
