"""Migrates a database outside of a running system: for templates that are copied by tests, benchmarks and campaign."""

import os
import subprocess
import sys

from deploy.local.credentials import Credentials
from deploy.local.environment import site_environment
from deploy.local.settings import HOST, ROOT
from shared.program.registry import SERVICES


def migrate(service: str, admin: str, database: str, credentials: Credentials) -> None:
    """Bring a service's database to its schema; raises `RuntimeError` with what the program said."""
    nowhere, databases = dict.fromkeys(SERVICES, 1), {**dict.fromkeys(SERVICES, ""), service: database}
    environment = site_environment(admin, f"{HOST}:1", nowhere, credentials, databases)
    argv = [sys.executable, "-m", "shared.database.migrate", service]
    done = subprocess.run(
        argv, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"migration of {service} failed:\n{done.stdout}{done.stderr}")
