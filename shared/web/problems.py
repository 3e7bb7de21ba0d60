"""Answers to every failure: problem details (RFC 9457) for programs, a page that says what to do for people."""

from typing import Any
from urllib.parse import quote

import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, InternalServerException, PermissionDeniedException
from litestar.exceptions import ValidationException as ParameterInvalid
from litestar.types import ExceptionHandlersMap

from shared.basics.errors import FieldError, Forbidden, Invalid, NotFound, Refusal
from shared.basics.french import typo
from shared.program.registry import HOME, path_of
from shared.web.api.bodies import Disconnected, TooLarge
from shared.web.http.access import SignInNeeded
from shared.web.http.addresses import is_api
from shared.web.http.correlation import correlation_id
from shared.web.pages.page import Page

AnyRequest = Request[Any, Any, Any]
log = structlog.get_logger("web")

TITLES = {
    400: "Demande incomprise",
    401: "Connexion nécessaire",
    403: "Action réservée",
    404: "Introuvable",
    405: "Action inconnue ici",
    408: "Envoi interrompu",
    409: "Action impossible",
    413: "Envoi trop lourd",
    414: "Adresse trop longue",
    422: "Informations à corriger",
    429: "Trop de demandes à la fois",
    431: "Demande trop lourde",
    500: "Erreur de notre côté",
    503: "Service momentanément indisponible",
}


class BadRequest(Refusal):
    """The request is malformed."""

    slug = "bad-request"
    public = "L’adresse ou l’envoi n’a pas la forme attendue. Revenez en arrière et recommencez."
    status = 400


class MethodNotAllowed(Refusal):
    """The address exists, but not with this method."""

    slug = "method-not-allowed"
    public = "Cette adresse n’accepte pas cette action. Revenez à la page précédente et recommencez."
    status = 405


class PageExpired(Refusal):
    """The CSRF token does not match: the page was open for too long, or the form was posted from another site."""

    slug = "page-expired"
    public = "Cette page est restée ouverte trop longtemps. Revenez en arrière, rechargez-la, puis recommencez."
    status = 403


class Broken(Refusal):
    """An unexpected error; the log has it under the reference."""

    slug = "internal"
    public = "Rien n’est de votre faute. Réessayez ; si l’erreur revient, donnez cette référence à l’assistance."
    status = 500


_BY_STATUS: dict[int, type[Refusal]] = {
    400: BadRequest, 401: SignInNeeded, 403: Forbidden, 404: NotFound, 405: MethodNotAllowed, 413: TooLarge,
}  # fmt: skip


def on_refusal(request: AnyRequest, refusal: Refusal) -> Response[Any]:
    """Answer a refusal."""
    path = request.scope["path"]
    if is_api(path):
        return _problem(request, refusal)
    if isinstance(refusal, SignInNeeded):
        return _to_sign_in(request)
    return Page(
        "error.html",
        {"refusal": refusal, "heading": title(refusal.status)},
        status=refusal.status,
    )


def on_http_error(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Answer an error of Litestar: unknown address, wrong method, body too large, CSRF, bad parameter."""
    if isinstance(error, ParameterInvalid):
        return on_refusal(request, Invalid(errors=_parameters(error), detail=error.detail))
    if isinstance(error, PermissionDeniedException) and "CSRF" in error.detail:
        return on_refusal(request, PageExpired())
    if isinstance(error, InternalServerException) and error.detail == "client disconnected prematurely":
        return on_refusal(request, Disconnected())
    if kind := _BY_STATUS.get(error.status_code):
        return on_refusal(request, kind())
    if error.status_code < 500:
        return on_refusal(request, Invalid() if error.status_code == 422 else BadRequest())
    return on_crash(request, error)


def on_crash(request: AnyRequest, error: Exception) -> Response[Any]:
    """Answer an unexpected error: it is logged with its traceback under an id, and only the id is shown."""
    event_id = str(correlation_id(request))
    log.error(
        "request_failed",
        event_id=event_id,
        method=request.scope["method"],
        path=request.scope["path"],
        exc_info=error,
    )
    return on_refusal(request, Broken(event_id=event_id))


def on_error(request: AnyRequest, error: Exception) -> Response[Any]:
    """Answer any failure, for code that runs before Litestar."""
    if isinstance(error, Refusal):
        return on_refusal(request, error)
    if isinstance(error, HTTPException):
        return on_http_error(request, error)
    return on_crash(request, error)


def _parameters(error: ParameterInvalid) -> tuple[FieldError, ...]:
    """The parameters that Litestar could not parse; its English messages stay in the log."""
    extra = error.extra if isinstance(error.extra, list) else []
    return tuple(
        FieldError("", "Un objet JSON est attendu.")
        if item.get("source") == "body"
        else FieldError(str(item.get("key", "")), "Cette valeur n’a pas la forme attendue.")
        for item in extra
    )


def title(status: int) -> str:
    """Short French name of a failure."""
    return TITLES.get(status, "Action impossible")


def content(refusal: Refusal, reference: str) -> dict[str, Any]:
    """The problem document of a refusal; `reference` is the id under which the log knows the request."""
    return {
        "type": f"/problems/{refusal.slug}",
        "title": title(refusal.status),
        "status": refusal.status,
        "detail": typo(refusal.public),
        "instance": f"urn:uuid:{reference}",
        "slug": refusal.slug,
        "errors": [{"field": error.field, "message": error.message} for error in refusal.errors],
    }


def _problem(request: AnyRequest, refusal: Refusal) -> Response[Any]:
    headers = {"WWW-Authenticate": 'Bearer realm="convergence"'} if refusal.status == 401 else {}
    return Response(
        content(refusal, str(correlation_id(request))),
        status_code=refusal.status,
        media_type="application/problem+json",
        headers=headers,
    )


def _to_sign_in(request: AnyRequest) -> Response[Any]:
    here = request.scope["path"]
    if query := request.scope.get("query_string"):
        here += "?" + query.decode("latin-1")
    back = here if request.scope["method"] in ("GET", "HEAD") else path_of(request.app.state.service)
    settings, service = request.app.state.settings, request.app.state.service
    home, ours = settings.address_of(HOME), settings.address_of(service)
    address = f"/connexion?next={quote(back, safe='')}"
    if home != ours:
        address = f"{home}/connexion?next={quote(ours + back, safe='')}"
    if request.headers.get("hx-request"):  # htmx would swap the sign-in page into a fragment: redirect the whole page
        return Response(None, status_code=401, headers={"HX-Redirect": address})
    return Response(None, status_code=303, headers={"Location": address}, media_type=MediaType.TEXT)


HANDLERS: ExceptionHandlersMap = {
    Refusal: on_refusal,
    HTTPException: on_http_error,
    Exception: on_crash,
}
