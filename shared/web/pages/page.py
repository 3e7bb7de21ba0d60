"""Return values of page handlers: a page from a template, or a redirect with a message."""

from typing import Any
from urllib.parse import quote, unquote

from litestar import Request
from litestar.datastructures import Cookie
from litestar.response import Redirect, Template
from litestar.response.base import ASGIResponse
from markupsafe import Markup

FLASH_COOKIE = "convergence_flash"
FLASH_LONGEST = 400


class Page(Template):
    """A rendered template; shows the message of the preceding redirect, once."""

    def __init__(self, template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> None:
        super().__init__(
            template_name=template,
            context=context or {},
            status_code=status,
            media_type="text/html",
        )

    def create_template_context(self, request: Request[Any, Any, Any]) -> dict[str, Any]:
        context = super().create_template_context(request)
        flash = unquote(request.cookies.get(FLASH_COOKIE, ""))[:FLASH_LONGEST]
        csrf_input = Markup(context["csrf_input"])  # noqa: S704  built and escaped by Litestar
        return {"flash": flash, **context, "csrf_input": csrf_input}

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **kwargs: Any) -> ASGIResponse:
        if FLASH_COOKIE in request.cookies:
            self.delete_cookie(FLASH_COOKIE)
        return super().to_asgi_response(app, request, **kwargs)


def see_other(path: str, flash: str | None = None) -> Redirect:
    """After a POST that worked: go to `path` (303) and show `flash`, a French sentence, on the next page."""
    redirect = Redirect(path, status_code=303)
    if flash:
        value = quote(flash[:FLASH_LONGEST])
        redirect.set_cookie(Cookie(key=FLASH_COOKIE, value=value, path="/", httponly=True, samesite="lax", max_age=60))
    return redirect
