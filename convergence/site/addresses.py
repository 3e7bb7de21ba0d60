"""Where the services answer: what the command was given, else the system that runs on this machine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, make_dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from cyclopts import Parameter

from convergence.screen.failure import Failure
from deploy.local.processes.run import read_run
from deploy.local.settings import HOST, Misconfigured, local_settings
from shared.program.registry import REGISTRY, SERVICES, ServiceEntry

NAMES: Final = {"lifecycle": "Catalogue", **{entry.name: entry.label for entry in REGISTRY}}
"""The parts of the product as people know them; the catalogue has events, and no service yet."""

Kafka = Annotated[str | None, Parameter(env_var="CONVERGENCE_KAFKA", help="Adresse de Kafka, hôte:port.", group="Site")]
KafkaPrefix = Annotated[
    str, Parameter(env_var="CONVERGENCE_KAFKA_PREFIX", help="Préfixe des sujets et des groupes.", group="Site")
]
AsJson = Annotated[bool, Parameter(name="--json", negative="", help="Pour un programme : du JSON, et rien d’autre.")]


def _address(entry: ServiceEntry) -> tuple[str, Any, None]:
    """The option of one service."""
    variable = f"CONVERGENCE_{entry.name.upper()}_URL"
    told = Parameter(env_var=variable, help=f"Adresse du service « {entry.label} ».")
    return f"{entry.name}_url", Annotated[str | None, told], None


_Addresses: Any = make_dataclass("_Addresses", map(_address, REGISTRY), frozen=True, kw_only=True)


@Parameter(name="*", group="Site")
@dataclass(frozen=True, kw_only=True)
class Where(_Addresses):  # type: ignore[misc]  # one option per service of the registry
    """Options that every command with a site shares."""

    url: Annotated[
        str | None, Parameter(env_var="CONVERGENCE_URL", help="Adresse des services qui n’en ont pas à eux.")
    ] = None
    token: Annotated[
        str | None,
        Parameter(env_var="CONVERGENCE_TOKEN", help="Jeton d’accès ; sans lui, un compte de démonstration sert."),
    ] = None

    @property
    def given(self) -> dict[str, str]:
        """The addresses that the command was given, by service."""
        return {service: url for service in SERVICES if (url := getattr(self, f"{service}_url") or self.url)}


HERE: Final = Where()
"""Nothing given: the environment, then the running local system."""


@dataclass(frozen=True)
class Site:
    """Base URLs by service, without a slash at their end."""

    urls: Mapping[str, str]
    token: str | None = None

    @property
    def is_local(self) -> bool:
        """Whether every service is on this machine: then proxies are bypassed."""
        return all(urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1") for url in self.urls.values())


def site_of(urls: Mapping[str, str], token: str | None = None) -> Site:
    """A site from addresses as people write them; raises `Failure` for what is no address, or no token."""
    for url in urls.values():
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise Failure(f"« {url} » n’est pas une adresse : écrivez par exemple http://127.0.0.1:8001.")
    if token is not None and not (token.isascii() and token.isprintable()):
        raise Failure("Ce jeton d’accès contient un caractère qu’aucun jeton n’a : copiez-le de nouveau.")
    return Site({service: urls[service].rstrip("/") for service in SERVICES}, token)


def find_site(where: Where) -> Site:
    """The site of the options and the environment, completed by the running local system; raises `Failure`."""
    site = known_site(where)
    if site is None:
        raise Failure("Aucun système ne tourne ici. Lancez `make up`, ou donnez --url.")
    return site


def known_site(where: Where) -> Site | None:
    """The same, or None where no system is known."""
    urls = where.given
    if set(urls) < set(SERVICES):
        try:
            run = read_run(local_settings())
        except Misconfigured as reason:
            raise Failure(str(reason)) from None
        if run is None or not run.ready:
            if urls:
                missing = _options(service for service in SERVICES if service not in urls)
                raise Failure(f"Il manque des adresses : donnez aussi --url, ou {missing}.")
            return None
        urls = {**run.urls, **urls}
    return site_of(urls, where.token)


def _options(services: Iterable[str]) -> str:
    return ", ".join(f"--{service}-url" for service in services)


def find_kafka() -> str:
    """Kafka of the running local system, or where one would be; raises `Failure`."""
    try:
        settings = local_settings()
    except Misconfigured as reason:
        raise Failure(str(reason)) from None
    run = read_run(settings)
    return run.kafka if run is not None else f"{HOST}:{settings.kafka_port}"
