"""The OpenAPI 3.1 document: Litestar's, with pydantic's own schemas of bodies and answers, and the refusals.

Litestar's schema of a pydantic model leaves out minima, examples, descriptions and closed objects, and it does not know what
hot handlers read and write by hand.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import orjson
from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Server, Tag
from litestar.routes import HTTPRoute
from litestar.typing import FieldDefinition
from pydantic import BaseModel

from shared.program.registry import BY_NAME, api_of
from shared.web.api.bodies import DOCUMENTED
from shared.web.api.models import takes_form

PUBLIC: Final[list[dict[str, list[str]]]] = [{}]
"""`security` of a handler that needs no token."""

PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457); sentences are French, `slug` is for programs.",
    "required": ["type", "title", "status", "detail", "instance", "slug", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "French sentence for the person"},
        "instance": {
            "type": "string",
            "description": "Reference of this answer, also in the log",
        },
        "slug": {"type": "string", "examples": ["forbidden"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}

REFUSED = {
    401: "No token, or one that is expired or not ours: open a session with `POST /demandes/api/sessions`",
    403: "The person may not do this: wrong role, or their own request",
    404: "There is no such thing, or this person may not see it: the answer is the same for both",
    409: "The case is not in a state that allows this; `slug` says why",
    413: "The body is too large",
    422: "Something in what was sent must be corrected: `errors` names the fields",
}


class _Render(OpenAPIRenderPlugin):
    """Litestar's own schema path gives the same document as /openapi.json."""

    def render(self, request: Any, openapi_schema: dict[str, Any]) -> bytes:  # noqa: ARG002  Litestar names it
        return document(request.app)


def openapi_config(service: str, base_url: str) -> OpenAPIConfig:
    """Title, bearer scheme and server; operations come from the handlers."""
    return OpenAPIConfig(
        title=f"Convergence {BY_NAME[service].about}",
        version="1",
        description=(
            "Take a software need through request, review and purchasing in a French hospital group (GHT).\n\n"
            "1. `GET /demandes/api/accounts` lists the demo accounts of local mode.\n"
            "2. `POST /demandes/api/sessions` with one of them answers a token, good for the three services.\n"
            "3. Send it as `Authorization: Bearer <token>`.\n\n"
            "Every failure is `application/problem+json`; `errors` names the fields at fault."
        ),
        use_handler_docstrings=True,
        path=f"{api_of(service)}/schema",
        render_plugins=[_Render(path="/openapi.json", media_type="application/json")],  # type: ignore[arg-type]
        servers=[Server(url=base_url)],
        security=[{"bearer": []}],
        tags=[Tag(name="Sessions", description="Who is calling")],
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(
                    type="http",
                    scheme="bearer",
                    bearer_format="JWT",
                    description="Token of POST /demandes/api/sessions",
                )
            }
        ),
    )


def document(app: Litestar) -> bytes:
    """The whole document as JSON, built once per process."""
    built: bytes | None = app.state.get("openapi_json")
    if built is None:
        built = app.state["openapi_json"] = orjson.dumps(_complete(app))
    return built


class _Described(NamedTuple):
    """The models of a handler's body and answer, and whether it answers callers without a token."""

    body: type[BaseModel] | None
    returns: type[BaseModel] | None
    public: bool


def _described(handler: HTTPRouteHandler) -> _Described:
    by_hand = handler.opt.get(DOCUMENTED, {})
    data = handler.parsed_fn_signature.parameters.get("data")
    returned = handler.parsed_fn_signature.return_type
    inner = returned.inner_types[0] if returned.is_subclass_of(Response) and returned.inner_types else returned
    return _Described(
        body=by_hand.get("body") or (_model(data) if not takes_form(handler) else None),
        returns=by_hand.get("returns") or _model(inner),
        public=by_hand.get("public", False) or handler.security == PUBLIC,
    )


def _model(field: FieldDefinition | None) -> type[BaseModel] | None:
    return field.annotation if field is not None and field.is_subclass_of(BaseModel) else None


def _complete(app: Litestar) -> dict[str, Any]:
    schema = orjson.loads(orjson.dumps(app.openapi_schema.to_schema()))
    schemas: dict[str, Any] = {"Problem": PROBLEM}
    for path, method, handler in _handlers(app):
        operation = schema["paths"].get(path, {}).get(method.lower())
        if operation is None:
            continue
        described = _described(handler)
        if described.body:
            operation["requestBody"] = {"required": True, "content": _json(described.body, schemas, "validation")}
        if described.returns:
            success = next(code for code in operation["responses"] if code.startswith("2"))
            said = operation["responses"][success]
            said["description"] = (described.returns.__doc__ or "Done").strip().splitlines()[0]
            said["content"] = _json(described.returns, schemas, "serialization")
            if not said.get("headers"):
                said.pop("headers", None)
        if described.public:
            operation["security"] = []
        operation["responses"].pop("400", None)
        operation["responses"]["default"] = _problem("Refused: what to do is in `detail`")
        for status in _may_refuse(method, operation):
            operation["responses"][str(status)] = _problem(REFUSED[status])
    schema["components"]["schemas"] = schema["components"].get("schemas", {}) | schemas
    return schema  # type: ignore[no-any-return]


def _handlers(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in route.route_handler_map.items():
                yield route.path_format or "/", method, handler


def _may_refuse(method: str, operation: dict[str, Any]) -> list[int]:
    """The refusals that an operation can answer: by who asks, by what is asked about, by what it would change."""
    inputs = [parameter["in"] for parameter in operation.get("parameters", [])]
    body, public = "requestBody" in operation, operation.get("security") == []
    return [
        *([] if public else [401, 403]),
        *([404] if "path" in inputs else []),
        *([409] if method != "GET" and not public else []),
        *([413] if body else []),
        *([422] if body or "query" in inputs or method != "GET" else []),
    ]


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}


def _json(model: type[BaseModel], schemas: dict[str, Any], mode: Any) -> dict[str, Any]:
    own = model.model_json_schema(ref_template="#/components/schemas/{model}", mode=mode)
    for name, definition in own.pop("$defs", {}).items():
        schemas.setdefault(name, definition)
    schemas.setdefault(model.__name__, own)
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}
