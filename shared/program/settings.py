"""Settings, from `CONVERGENCE_*` variables; all errors are reported at once at start-up."""

from typing import Any, Literal

from pydantic import AnyHttpUrl, Field, SecretStr, create_model
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.program.limits import Limits
from shared.program.registry import BY_NAME, REGISTRY

_own_address: Any = {
    f"{entry.name}_url": (AnyHttpUrl | None, Field(default=None, description=f"Public address of {entry.label}"))
    for entry in REGISTRY
}
_Addresses = create_model("_Addresses", __base__=BaseSettings, **_own_address)


class SiteSettings(Limits, _Addresses):
    """Settings of every program of the product."""

    model_config = SettingsConfigDict(env_prefix="CONVERGENCE_", extra="ignore", frozen=True)

    mode: Literal["local", "production"] = "production"
    kafka: str = Field(description="Kafka bootstrap servers, host:port[,host:port]")
    kafka_prefix: str = Field(
        default="", pattern=r"^[a-z0-9.-]*$", description="Put before topics and groups: one per GHT"
    )
    host: str = Field(default="127.0.0.1", description="Address that HTTP listens on")
    session_secret: SecretStr = Field(min_length=32, description="Signs sessions; the same for the three services")
    log_format: Literal["json", "console"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    sweep_seconds: float = Field(default=5.0, gt=0, description="Seconds between two sweeps of deadlines")
    batch_size: int = Field(default=500, ge=1, le=5000, description="Messages taken from Kafka in one transaction")
    attempts: int = Field(default=5, ge=1, description="Attempts at a failing message before it is parked")
    session_hours: int = Field(default=12, ge=1, le=72)
    url: AnyHttpUrl | None = Field(
        default=None, description="Public address of the services that have none of their own"
    )

    def address_of(self, service: str) -> str:
        """The public address of a service, without a path and without a slash at its end."""
        given = getattr(self, f"{service}_url") or self.url
        return str(given or f"http://127.0.0.1:{BY_NAME[service].port}").rstrip("/")


class ServiceSettings(SiteSettings):
    """Settings of one service: its database, under its own role, and its port."""

    service: str
    database: SecretStr = Field(
        description="DSN of the service's role, which owns nothing and passes no row-level security"
    )
    owner_database: SecretStr | None = Field(default=None, description="DSN of the owner's role, for migrations only")
    port: int = Field(ge=1, le=65535)
    pool_size: int = Field(default=8, ge=2, le=100)


def service_settings(service: str) -> ServiceSettings:
    """Read `CONVERGENCE_<SERVICE>_DATABASE`, `_OWNER_DATABASE`, `_PORT`, `_POOL_SIZE`, and the settings of the site."""

    class _Own(BaseSettings):
        model_config = SettingsConfigDict(env_prefix=f"CONVERGENCE_{service.upper()}_", extra="ignore")
        database: SecretStr
        owner_database: SecretStr | None = None
        port: int = BY_NAME[service].port
        pool_size: int = 8

    own = _Own()
    return ServiceSettings(service=service, **own.model_dump())
