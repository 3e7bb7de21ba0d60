"""A database and two roles per service: `<service>_owner` runs migrations, `<service>_app` serves and owns nothing."""

from typing import LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from deploy.local.credentials import Credentials
from shared.program.registry import SERVICES

EXTENSIONS = ("unaccent", "pg_trgm")

_ROLE: LiteralString = (
    "{verb} ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS INHERIT PASSWORD {password}"
)
# A migration that waits for a busy table gives up instead of blocking the queries behind it.
_OWNER_LIMITS: tuple[LiteralString, ...] = ("lock_timeout = '5s'", "statement_timeout = '10min'")
_DATABASE: LiteralString = (
    "CREATE DATABASE {name} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8' "
    "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'"
)


def provision(admin: str, credentials: Credentials) -> None:
    """Create what is missing on the server of the superuser DSN `admin`. Idempotent, but for the passwords."""
    roles(admin, credentials)
    for service in SERVICES:
        create_database(admin, service, service)


def roles(admin: str, credentials: Credentials) -> None:
    """The two roles of each service, with these passwords."""
    with psycopg.connect(admin, autocommit=True) as db:
        known = {name for (name,) in db.execute("SELECT rolname FROM pg_roles")}
        for service in SERVICES:
            for role in (f"{service}_owner", f"{service}_app"):
                verb = sql.SQL("ALTER") if role in known else sql.SQL("CREATE")
                password = sql.Literal(credentials.passwords[role])
                db.execute(sql.SQL(_ROLE).format(verb=verb, role=sql.Identifier(role), password=password))
            for limit in _OWNER_LIMITS:
                db.execute(sql.SQL("ALTER ROLE {} SET {}").format(sql.Identifier(f"{service}_owner"), sql.SQL(limit)))


def create_database(admin: str, service: str, name: str) -> None:
    """An empty database for a service: its roles only, and the extensions that need a superuser."""
    database, owner, app = sql.Identifier(name), sql.Identifier(f"{service}_owner"), sql.Identifier(f"{service}_app")
    with psycopg.connect(admin, autocommit=True) as db:
        if db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            db.execute(sql.SQL(_DATABASE).format(name=database, owner=owner))
        db.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        db.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, app))
    with psycopg.connect(database_of(admin, name), autocommit=True) as db:
        for extension in EXTENSIONS:
            db.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))


def copy_database(admin: str, service: str, template: str, name: str) -> None:
    """A copy of a migrated database that has no connections: tens of milliseconds."""
    database, app = sql.Identifier(name), sql.Identifier(f"{service}_app")
    owner, source = sql.Identifier(f"{service}_owner"), sql.Identifier(template)
    with psycopg.connect(admin, autocommit=True) as db:
        db.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(database, owner, source))
        db.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        db.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, app))


def drop_database(admin: str, name: str) -> None:
    """Drop it, whoever is still connected."""
    with psycopg.connect(admin, autocommit=True) as db:
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def database_of(admin: str, name: str) -> str:
    """The same server and role, another database."""
    return urlunsplit(urlsplit(admin)._replace(path=f"/{name}"))
