"""Bodies and answers of the hot handlers, read and written with the least work per request, and the limits of all bodies.

Litestar's own `data:` parameter and `Response` cost about twice as much (measured on uvicorn). Every handler that is not
hot uses them all the same, see `shared/web/api/models.py`.
"""

from typing import Any, TypeVar

from litestar import Request, Response
from litestar.types import ASGIApp, Receive, Scope, Send
from pydantic import BaseModel, ValidationError

from shared.basics.errors import Refusal
from shared.web.http.validation import invalid

M = TypeVar("M", bound=BaseModel)
DOCUMENTED = "documented"
HOT = "hot"
LARGEST = 1_000_000
"""Bytes of the largest JSON body."""
LARGEST_FORM = 1_000_000
"""Bytes of the largest form without files."""
LARGEST_UPLOAD = 30_000_000
"""Bytes of the largest form with files."""


class TooLarge(Refusal):
    """The body exceeds the limit."""

    slug = "too-large"
    public = "L’envoi dépasse la taille permise. Réduisez les pièces jointes, puis recommencez."
    status = 413


class Disconnected(Refusal):
    """The caller disconnected before the end of its body; nobody reads this answer."""

    slug = "disconnected"
    public = "L’envoi a été interrompu. Recommencez."
    status = 400


async def read_body(request: Request[Any, Any, Any], model: type[M]) -> M:
    """The JSON body as `model`; raises `Invalid` with a French sentence per field, or `TooLarge`."""
    try:
        return model.model_validate_json(await _bytes(request))
    except ValidationError as error:
        raise invalid(error) from None


def answer(model: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> "Answer":
    """A JSON answer, serialised by pydantic."""
    return Answer(model.model_dump_json().encode(), status_code=status, headers=headers)


def documented(
    *,
    body: type[BaseModel] | None = None,
    returns: type[BaseModel] | None = None,
    public: bool = False,
    hot: bool = False,
    form: bool = False,  # noqa: ARG001  not needed any more: goes when the last handler that says so is converted
) -> dict[str, Any]:
    """Value of `opt` of a handler that reads its body and writes its answer by hand: what OpenAPI says of both.

    `hot` handlers return an `Answer` and are found ahead of Litestar's layers, see `shared/web/hot.py`. The others name
    a model as `data` and as return type, and `security=PUBLIC` where no token is needed.
    """
    return {DOCUMENTED: {"body": body, "returns": returns, "public": public}, HOT: hot}


class Answer(Response[bytes]):
    """A response of JSON bytes."""

    def __init__(self, content: bytes, *, status_code: int = 200, headers: dict[str, str] | None = None) -> None:
        # Litestar's own constructor prepares the conversion of any type: nothing of it is needed here.
        self.content = content
        self.status_code = status_code
        self.headers = headers or {}

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIApp:  # type: ignore[override]
        async def respond(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001  ASGI's signature
            await self.send(send)

        return respond

    async def send(self, send: Send) -> None:
        """Send the response."""
        body = self.content
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        if self.headers:
            headers += [(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status_code or 200, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})


async def _bytes(request: Request[Any, Any, Any]) -> bytes:
    received = bytearray()
    while True:
        message = await request.receive()
        if message["type"] != "http.request":
            raise Disconnected
        received += message["body"]
        if len(received) > LARGEST:
            raise TooLarge
        if not message["more_body"]:
            return bytes(received)
