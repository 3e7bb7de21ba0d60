"""JSON bodies: read, validated and documented with the least work per request."""

from typing import Any, TypeVar

from litestar import MediaType, Request, Response
from pydantic import BaseModel, ValidationError

from shared.web.validation import invalid

M = TypeVar("M", bound=BaseModel)
DOCUMENTED = "documented"


async def read_body(request: Request[Any, Any, Any], model: type[M]) -> M:
    """The JSON body as `model`; raises `Invalid` with a French sentence per field. A third cheaper than `data:`."""
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        raise invalid(error) from None


def answer(model: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response[bytes]:
    """A JSON answer, written by pydantic itself."""
    return Response(
        model.model_dump_json().encode(),
        media_type=MediaType.JSON,
        status_code=status,
        headers=headers or {},
    )


def documented(
    *,
    body: type[BaseModel] | None = None,
    returns: type[BaseModel] | None = None,
    public: bool = False,
) -> dict[str, Any]:
    """Value of a handler's `opt`: what OpenAPI says about its body and answer; `public` needs no token."""
    return {DOCUMENTED: {"body": body, "returns": returns, "public": public}}
