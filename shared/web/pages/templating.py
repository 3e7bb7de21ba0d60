"""The Jinja environment: shared and service templates, French filters, undefined names raise, everything is escaped."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from litestar.plugins.jinja import JinjaTemplateEngine

from shared.identity.demo import ESTABLISHMENTS
from shared.program.registry import HOME
from shared.program.settings import SiteSettings
from shared.web.http.access import viewer
from shared.web.http.addresses import STATIC
from shared.web.http.correlation import correlation_id
from shared.web.http.security import base_urls
from shared.web.pages.navigation import Link, menu
from shared.web.pages.typography import FILTERS, FrenchTypography

HERE = Path(__file__).parent


def static_version() -> str:
    """Digest of every static file: part of their address, so that browsers may keep them for ever."""
    digest = hashlib.sha256()
    for file in sorted(STATIC.rglob("*")):
        if file.is_file():
            digest.update(str(file.relative_to(STATIC)).encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def template_engine(
    settings: SiteSettings, path: str, service_templates: Sequence[Path], version: str
) -> JinjaTemplateEngine:
    """Service templates come first, then the shared ones; literal text gets French typography at compile time."""
    environment = Environment(
        loader=FileSystemLoader([*service_templates, HERE / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=settings.mode == "local",
        extensions=[FrenchTypography, "jinja2.ext.do"],
    )
    environment.filters |= FILTERS
    bases = base_urls(settings)

    def static(name: str) -> str:
        return f"{path}/static/{version}/{name}"

    @pass_context
    def navigation(context: Mapping[str, Any]) -> list[Link]:
        request = context["request"]
        return menu(viewer(request), request.scope["path"], bases)

    @pass_context
    def me(context: Mapping[str, Any]) -> Any:
        return viewer(context["request"])

    @pass_context
    def reference(context: Mapping[str, Any]) -> str:
        return str(correlation_id(context["request"]))

    environment.globals |= {
        "static": static,
        "navigation": navigation,
        "me": me,
        "reference": reference,
        "bases": bases,
        "home": bases[HOME],
        "establishment_names": ESTABLISHMENTS,
        "now": lambda: datetime.now(UTC),
    }
    return JinjaTemplateEngine.from_environment(environment)
