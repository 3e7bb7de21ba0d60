"""Litestar's CSRF check; reads no form from a caller without the CSRF cookie."""

from typing import Any

from litestar import Request
from litestar.enums import ScopeType
from litestar.exceptions import PermissionDeniedException
from litestar.middleware.csrf import CSRFMiddleware
from litestar.types import Receive, Scope, Send

from shared.web.http.readable import ensure_readable_form


class CarefulCSRF(CSRFMiddleware):
    """Refuses a request without the cookie by its headers alone; checks other forms before parsing them."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["method"] not in self.config.safe_methods:
            request: Request[Any, Any, Any] = scope["litestar_app"].request_class(scope=scope, receive=receive)
            if self.config.cookie_name not in request.cookies:
                raise PermissionDeniedException("CSRF token verification failed")
            await ensure_readable_form(request)
        await super().__call__(scope, receive, send)
