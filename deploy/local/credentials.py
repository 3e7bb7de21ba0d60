"""The passwords and the session secret of one local system: made once, kept in a file that only its owner reads."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from shared.program.registry import SERVICES


@dataclass(frozen=True)
class Credentials:
    """Passwords by role of PostgreSQL (`postgres`, `<service>_owner`, `<service>_app`), and what signs sessions."""

    passwords: Mapping[str, str]
    session_secret: str

    def dsn(self, admin: str, role: str, database: str) -> str:
        """The address of a database for a role, on the server that `admin` points to."""
        at = urlsplit(admin)
        place = at.netloc.rpartition("@")[2]
        return urlunsplit(at._replace(netloc=f"{role}:{quote(self.passwords[role])}@{place}", path=f"/{database}"))


def new_credentials() -> Credentials:
    """Fresh random ones, not written to disk."""
    roles = ["postgres", *(f"{service}_{kind}" for service in SERVICES for kind in ("owner", "app"))]
    return Credentials({role: secrets.token_urlsafe(24) for role in roles}, secrets.token_urlsafe(48))


def kept_credentials(data: Path) -> Credentials:
    """Those of the data folder, made at the first call; a service that is new since then gets its own."""
    file, made = data / "credentials.json", new_credentials()
    kept = Credentials(**json.loads(file.read_text())) if file.exists() else Credentials({}, made.session_secret)
    credentials = Credentials({**made.passwords, **kept.passwords}, kept.session_secret)
    if credentials != kept:
        data.mkdir(parents=True, exist_ok=True)
        half = file.with_suffix(".new")
        half.touch(0o600)
        half.write_text(json.dumps(asdict(credentials)))
        half.rename(file)
    return credentials
