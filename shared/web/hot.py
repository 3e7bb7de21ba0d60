"""The few operations that programs call all day, answered ahead of Litestar's layers.

A hot handler is an ordinary Litestar handler marked with `hot=True` in `documented`. Litestar documents it, converts
its parameters and could answer every call of it; this table only finds it sooner, and leaves out the layers that do
nothing for it (routing tree, middleware, guards, dependencies, hooks, response conversion: two thirds of the cost of
such a request). A call that is unusual in any way goes on to Litestar before anything is read of it, so what is
strange has one answer. `tests/unit/shared/test_web_hot.py` holds both ways to the same answers.
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
"""The usual spelling of each type of path parameter; any other spelling is left to Litestar."""
_usual_host = re.compile(rb"[0-9A-Za-z.:\[\]-]+").fullmatch


class NotHot(TypeError):
    """A handler that needs one of the layers that are left out: found at start-up."""


@dataclass(frozen=True, slots=True)
class _Operation:
    """A hot handler, how its address reads, and how Litestar reads its parameters."""

    address: re.Pattern[str]
    ids: tuple[str, ...]
    template: str
    handler: HTTPRouteHandler
    parameters: Any


class HotRoutes:
    """ASGI: hot operations here, everything else as before."""

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
        """Answer, or pass on."""
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
    except Exception as error:  # noqa: BLE001 - whatever it is, it is answered, and logged where it is a fault of ours
        refused = problems.on_error(request, error)
        await refused.to_asgi_response(None, request)(scope, receive, send)
    else:
        await answer.send(send)


def _is_usual(scope: Scope) -> bool:
    """Whether nothing about this call needs a closer look: an escaped query, a host that is none."""
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
        raise NotHot(f"{handler}: guards, middleware and dependencies do not run ahead of Litestar")
