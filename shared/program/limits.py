"""What one process takes at most from strangers and from people: sizes, seconds, connections, requests a second."""

from ipaddress import IPv4Network, IPv6Network, ip_network

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Limits(BaseModel):
    """Every limit with its default; a site changes them as `CONVERGENCE_*` variables."""

    model_config = ConfigDict(frozen=True)

    head_bytes: int = Field(default=32_768, ge=4096, description="Bytes of the request line and the headers together")
    head_fields: int = Field(default=100, ge=20, description="Headers of one request")
    address_bytes: int = Field(default=8192, ge=2048, description="Bytes of the path and the query of a request")
    head_seconds: float = Field(
        default=10, gt=0, description="From the connection, or the first byte, to the end of the headers"
    )
    body_seconds: float = Field(default=60, gt=0, description="For a body to arrive, before what `body_rate` adds")
    body_rate: int = Field(default=50_000, ge=1, description="Bytes of a body that add one second to `body_seconds`")
    answer_seconds: float = Field(default=60, gt=0, description="For a caller to take what waits to be sent to it")
    connections: int = Field(default=1000, ge=1, description="Open connections of one process")
    connections_per_address: int = Field(default=200, ge=1, description="Open connections from one address")
    trusted_proxies: str = Field(
        default="",
        description="Addresses or networks of the edge, with commas; X-Forwarded-For is read from these only",
    )
    rates: float = Field(default=1, ge=0, description="Multiplies the three rates below; 0 turns them off")
    rate_person: float = Field(default=50, gt=0, description="Requests a second of one person who is signed in")
    rate_address: float = Field(default=100, gt=0, description="Requests a second without a session from one address")
    rate_sign_in: float = Field(default=5, gt=0, description="Sign-in attempts a second from one address")

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        networks(text)
        return text


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """`10.0.0.4, 192.168.7.0/24` as networks; raises `ValueError`."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
