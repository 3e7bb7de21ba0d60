"""Three operations that programs call all day are dispatched before Litestar's own layers (ADR 0013).

A hot handler is an ordinary Litestar handler marked with `hot=True` in `documented`. Litestar documents it and converts
its parameters, and could serve every call; this table skips the layers that do nothing for it (routing tree, middleware,
guards, dependencies, hooks, response conversion: two thirds of the cost of such a request). Any unusual call is passed on
to Litestar before its body is read. `tests/unit/shared/test_web_hot.py` shows that both paths give the same answers.
"""

import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Litestar, Request
from litestar.enums import ScopeType
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, Receive, Scope, Send

from shared.basics.ids import id_of
from shared.web import problems
from shared.web.api.bodies import HOT, Answer
from shared.web.http import correlation

PATTERNS: Final = {UUID: "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", str: r"[0-9A-Za-z_-]+"}
"""The usual spelling of each type of path parameter; Litestar handles any other spelling."""
_usual_host = re.compile(rb"[0-9A-Za-z.:\[\]-]+").fullmatch


class NotHot(TypeError):
    """A hot handler needs one of the skipped layers; raised at start-up."""


@dataclass(frozen=True, slots=True)
class _Operation:
    """A hot handler, the pattern of its address, and Litestar's parser of its parameters."""

    address: re.Pattern[str]
    ids: tuple[str, ...]
    template: str
    handler: HTTPRouteHandler
    parameters: Any


class HotRoutes:
    """ASGI application: hot operations are served here, everything else by Litestar."""

    def __init__(self, app: Litestar) -> None:
        self.otherwise: ASGIApp = app.asgi_handler
        self._operations: dict[str, list[_Operation]] = {}
        for route in app.routes:
            if isinstance(route, HTTPRoute):
                for method, (handler, parameters) in route.route_handler_map.items():
                    if handler.opt.get(HOT):
                        operation = _Operation(_address(route), _ids(route), route.path_format, handler, parameters)
                        _ensure_plain(operation)
                        self._operations.setdefault(method, []).append(operation)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request or pass it on."""
        if scope["type"] == ScopeType.HTTP and _is_usual(scope):
            for operation in self._operations.get(scope["method"], ()):
                if found := operation.address.fullmatch(scope["path"]):
                    parameters: dict[str, Any] = found.groupdict()
                    for name in operation.ids:
                        parameters[name] = id_of(parameters[name])
                    scope["path_params"] = parameters
                    await _answer(operation, scope, receive, send)
                    return
        await self.otherwise(scope, receive, send)


async def _answer(operation: _Operation, scope: Scope, receive: Receive, send: Send) -> None:
    handler = operation.handler
    scope["route_handler"] = handler
    scope["path_template"] = operation.template
    request: Request[Any, Any, Any] = Request(scope, receive, send)
    correlation.bind(request)
    try:
        given = await operation.parameters.to_kwargs(request)
        answer: Answer = await handler.fn(**handler.signature_model.parse_values_from_connection_kwargs(request, given))
    except Exception as error:  # noqa: BLE001 - answered by the handlers of all errors, which also log it
        refused = problems.on_error(request, error)
        await refused.to_asgi_response(None, request)(scope, receive, send)
    else:
        await answer.send(send)


def _is_usual(scope: Scope) -> bool:
    """Whether neither the query is escaped nor the host malformed."""
    if b"%" in scope["query_string"]:
        return False
    for name, value in scope["headers"]:
        if name == b"host":
            return _usual_host(value) is not None
    return True


def _address(route: HTTPRoute) -> re.Pattern[str]:
    parts = [
        re.escape(part) if isinstance(part, str) else f"(?P<{part.name}>{PATTERNS[part.type]})"
        for part in route.path_components
    ]
    return re.compile("/" + "/".join(parts))


def _ids(route: HTTPRoute) -> tuple[str, ...]:
    return tuple(name for name, parameter in route.path_parameters.items() if parameter.type is UUID)


def _ensure_plain(operation: _Operation) -> None:
    handler = operation.handler
    if handler.resolve_guards() or handler.resolve_middleware() or operation.parameters.dependency_batches:
        raise NotHot(f"{handler}: guards, middleware and dependencies are skipped for hot handlers")
