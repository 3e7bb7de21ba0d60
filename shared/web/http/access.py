"""The person behind a request: pages read the session cookie, the API reads a bearer token only."""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from shared.basics.errors import Refusal
from shared.identity.person import Person, Role
from shared.identity.person import ensure as ensure  # noqa: PLC0414  re-exported beside `require`
from shared.identity.tokens import Issued, TokenRefused, Tokens
from shared.program.settings import SiteSettings
from shared.web.http.addresses import is_api
from shared.web.http.security import is_https

SESSION_COOKIE = "convergence_session"

SignedIn = NamedDependency[Person]
"""Type of the parameter `person` of a handler: the person of the session (pages) or of the token (API)."""


class SignInNeeded(Refusal):
    """No valid session: pages redirect to sign-in, the API answers 401."""

    slug = "sign-in-needed"
    public = "Connectez-vous pour continuer : votre session est absente ou terminée."
    status = 401


def api_person(request: ASGIConnection[Any, Any, Any, Any]) -> Person:
    """The person of the bearer token; raises `SignInNeeded`. Cookies are ignored: no CSRF can reach the API."""
    for name, value in request.scope["headers"]:
        if name == b"authorization":
            if value[:7].lower() != b"bearer ":
                break
            person = _person(request, value[7:].decode("latin-1"))
            if person is not None:
                return person
            break
    raise SignInNeeded


def viewer(request: ASGIConnection[Any, Any, Any, Any]) -> Person | None:
    """The person of the session cookie, or None."""
    cookie = request.cookies.get(SESSION_COOKIE)
    return _person(request, cookie) if cookie else None


def page_person(request: ASGIConnection[Any, Any, Any, Any]) -> Person:
    """The person of the session cookie; raises `SignInNeeded`, which redirects to sign-in and back."""
    person = viewer(request)
    if person is None:
        raise SignInNeeded
    return person


def person_of(request: ASGIConnection[Any, Any, Any, Any]) -> Person:
    """The person of a page or an API call; raises `SignInNeeded`."""
    return api_person(request) if is_api(request.scope["path"]) else page_person(request)


def require(*roles: Role) -> Guard:
    """Guard for a handler: `guards=[require(Role.BUYER)]`; raises `SignInNeeded` or `Forbidden`."""

    def guard(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        ensure(person_of(connection), *roles)

    return guard


def provide_page_person(request: Request[Any, Any, Any]) -> Person:
    """Dependency `person` of pages."""
    return page_person(request)


def provide_api_person(request: Request[Any, Any, Any]) -> Person:
    """Dependency `person` of the API; hot handlers call `api_person(request)`, which costs less."""
    return api_person(request)


def session_cookie(settings: SiteSettings, issued: Issued) -> Cookie:
    """The cookie that the three services share."""
    return Cookie(
        key=SESSION_COOKIE, value=issued.token, path="/", httponly=True, secure=is_https(settings), samesite="lax",
        max_age=settings.session_hours * 3600,
    )  # fmt: skip


def _person(request: ASGIConnection[Any, Any, Any, Any], token: str) -> Person | None:
    tokens: Tokens = request.scope["litestar_app"].state.tokens
    try:
        return tokens.read(token)
    except TokenRefused:
        return None
