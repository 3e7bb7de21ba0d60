"""One Litestar application per service: layout, sessions, errors, documents. Services add handlers and templates."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from litestar import Litestar, MediaType, Request, Response, Router, get
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from litestar.types import ControllerRouterHandler

from shared.identity.tokens import Tokens
from shared.program.registry import HOME, api_of, path_of
from shared.program.settings import SiteSettings
from shared.web import problems
from shared.web.api import bodies
from shared.web.api.models import ModelRequest, PydanticModels, takes_form
from shared.web.api.openapi import document, openapi_config
from shared.web.http import correlation
from shared.web.http.access import provide_api_person, provide_page_person
from shared.web.http.addresses import STATIC
from shared.web.http.csrf import CarefulCSRF
from shared.web.http.readable import ensure_readable, ensure_readable_form
from shared.web.http.security import SecurityHeaders, base_urls, csrf_config
from shared.web.pages.templating import static_version, template_engine
from shared.web.rates import hot_routes
from shared.web.sign_in import sign_in_handlers

ONE_YEAR = 31_536_000


@get("/openapi.json", include_in_schema=False, sync_to_thread=False)
def openapi_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The OpenAPI 3.1 document of this service."""
    return Response(document(request.app), media_type=MediaType.JSON)


async def _before_request(request: Request[Any, Any, Any]) -> None:
    correlation.bind(request)
    ensure_readable(request)
    if takes_form(request.route_handler):
        await ensure_readable_form(request)


def create_app(
    service: str,
    settings: SiteSettings,
    *,
    pages: Sequence[ControllerRouterHandler] = (),
    api: Sequence[ControllerRouterHandler] = (),
    documents: Sequence[ControllerRouterHandler] = (),
    probes: Sequence[ControllerRouterHandler] = (),
    templates: Sequence[Path] = (),
    state: dict[str, Any] | None = None,
) -> Litestar:
    """The web application of a service.

    `pages` have the session cookie, CSRF protection and the dependency `person`; their paths are written in full. `api`
    has bearer tokens only; its paths, and those of `documents`, stand below the service's own (`{path}/api`, `{path}`).
    `probes` are for the orchestrator, at the root. `state` is added to `app.state`.
    """
    path = path_of(service)
    sign_in_pages, sign_in_api = sign_in_handlers(settings) if service == HOME else ((), ())
    version = static_version()
    page_router = Router(
        "/",
        route_handlers=[*sign_in_pages, *pages],
        dependencies={"person": Provide(provide_page_person, sync_to_thread=False)},
        middleware=[DefineMiddleware(CarefulCSRF, config=csrf_config(settings))],
        include_in_schema=False,
        request_max_body_size=bodies.LARGEST_FORM,
    )
    api_router = Router(
        api_of(service),
        route_handlers=[*sign_in_api, *api],
        dependencies={"person": Provide(provide_api_person, sync_to_thread=False)},
        request_class=ModelRequest,
        request_max_body_size=bodies.LARGEST,
    )
    static_router = create_static_files_router(
        f"{path}/static/{version}",
        directories=[STATIC],
        name="static",
        cache_control=CacheControlHeader(max_age=ONE_YEAR, public=True, immutable=True),
        include_in_schema=False,
    )
    app = Litestar(
        route_handlers=[
            page_router,
            api_router,
            static_router,
            Router(path, route_handlers=[openapi_json, *documents], include_in_schema=False),
            *probes,
        ],
        state=State(
            {
                "service": service,
                "settings": settings,
                "tokens": Tokens(settings.session_secret.get_secret_value()),
                **(state or {}),
            }
        ),
        template_config=TemplateConfig(instance=template_engine(settings, path, templates, version)),
        plugins=[PydanticModels()],
        exception_handlers=problems.HANDLERS,
        before_request=_before_request,
        before_send=[SecurityHeaders(settings)],
        openapi_config=openapi_config(service, base_urls(settings)[service]),
        logging_config=None,
        debug=False,
    )
    app.asgi_handler = hot_routes(app, settings)
    return app
