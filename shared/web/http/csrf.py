"""Litestar's CSRF check, without reading the form of somebody who cannot have a valid one."""

from typing import Any

from litestar import Request
from litestar.enums import ScopeType
from litestar.exceptions import PermissionDeniedException
from litestar.middleware.csrf import CSRFMiddleware
from litestar.types import Receive, Scope, Send

from shared.web.http.readable import ensure_readable_form


class CarefulCSRF(CSRFMiddleware):
    """A stranger without the cookie is refused by the headers alone; other forms are looked at before they are taken apart."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["method"] not in self.config.safe_methods:
            request: Request[Any, Any, Any] = scope["litestar_app"].request_class(scope=scope, receive=receive)
            if self.config.cookie_name not in request.cookies:
                raise PermissionDeniedException("CSRF token verification failed")
            await ensure_readable_form(request)
        await super().__call__(scope, receive, send)
