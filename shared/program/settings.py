"""Everything that differs between machines, from `CONVERGENCE_*` variables; all errors are reported at once at start-up."""

from typing import Literal

from pydantic import AnyHttpUrl, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.contracts.services import ServiceName


class SiteSettings(BaseSettings):
    """What every program of the product needs."""

    model_config = SettingsConfigDict(env_prefix="CONVERGENCE_", extra="ignore", frozen=True)

    mode: Literal["local", "production"] = "production"
    kafka: str = Field(description="Kafka bootstrap servers, host:port[,host:port]")
    kafka_prefix: str = Field(
        default="", pattern=r"^[a-z0-9.-]*$", description="Put before topics and groups: one per GHT"
    )
    host: str = Field(default="127.0.0.1", description="Address that HTTP listens on")
    session_secret: SecretStr = Field(min_length=32, description="Signs sessions; the same for the three services")
    request_url: AnyHttpUrl = AnyHttpUrl("http://127.0.0.1:8001")
    review_url: AnyHttpUrl = AnyHttpUrl("http://127.0.0.1:8002")
    purchasing_url: AnyHttpUrl = AnyHttpUrl("http://127.0.0.1:8003")
    log_format: Literal["json", "console"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    sweep_seconds: float = Field(default=5.0, gt=0, description="How often passed deadlines are looked for")
    batch_size: int = Field(default=500, ge=1, le=5000, description="Messages taken from Kafka in one transaction")
    attempts: int = Field(default=5, ge=1, description="Tries of one failing message before it is parked")
    session_hours: int = Field(default=12, ge=1, le=72)


class ServiceSettings(SiteSettings):
    """What one service needs: its database, under its own role, and its port."""

    service: ServiceName
    database: SecretStr = Field(
        description="DSN of the service's role, which owns nothing and passes no row-level security"
    )
    owner_database: SecretStr | None = Field(default=None, description="DSN of the owner's role, for migrations only")
    port: int = Field(ge=1, le=65535)
    pool_size: int = Field(default=8, ge=2, le=100)


def service_settings(service: ServiceName) -> ServiceSettings:
    """Read `CONVERGENCE_<SERVICE>_DATABASE`, `_OWNER_DATABASE`, `_PORT`, `_POOL_SIZE`, and what the site shares."""

    class _Own(BaseSettings):
        model_config = SettingsConfigDict(env_prefix=f"CONVERGENCE_{service.upper()}_", extra="ignore")
        database: SecretStr
        owner_database: SecretStr | None = None
        port: int = {"request": 8001, "review": 8002, "purchasing": 8003}[service]
        pool_size: int = 8

    own = _Own()
    return ServiceSettings(service=service, **own.model_dump())
