"""POST /demandes/api/requests: the way in for programs, and the hot path of the service."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from litestar import Request, post
from litestar.openapi.spec import OpenAPIType, Operation, Parameter, Schema
from pydantic import BaseModel, Field

from services.request.actions.create_request import CreateRequest, create_request
from services.request.model.follow_up import Stage
from services.request.model.request import Created
from shared.basics import clock
from shared.basics.errors import FieldError, Invalid
from shared.program.running import running_of
from shared.web.api.bodies import Answer, documented, read_body
from shared.web.http.access import api_person

LONGEST_KEY = 200


class RequestCreated(BaseModel):
    """The request was written, now or by the same key before."""

    case_id: UUID = Field(description="The case, in all three services")
    reference: str = Field(examples=["D-2026-000147"])
    status: Stage
    already: bool = Field(description="Whether an earlier call had made it: the key or the submission came again")


@dataclass
class Keyed(Operation):
    """The header that the handler reads by itself, for the OpenAPI document."""

    def __post_init__(self) -> None:
        key = Parameter(
            name="Idempotency-Key",
            param_in="header",
            description="1 to 200 visible characters of your own: the same key and content make one request, for ever",
            schema=Schema(type=OpenAPIType.STRING, min_length=1, max_length=LONGEST_KEY),
        )
        self.parameters = [*(self.parameters or []), key]


@post("/requests", status_code=201, summary="Send a request, or keep a draft", tags=["Requests"],
      operation_class=Keyed, opt=documented(body=CreateRequest, returns=RequestCreated, hot=True))  # fmt: skip
async def api_create(request: Request[Any, Any, Any]) -> Answer:
    """Create and submit in one command. Send the header `Idempotency-Key` so that a retry makes no second request."""
    person = api_person(request)
    key = idempotency_key(request)
    command = await read_body(request, CreateRequest)
    created = await create_request(running_of(request), person, command, clock.now(), key)
    return created_answer(created, 201)


def created_answer(created: Created, status: int) -> Answer:
    """The answer as JSON."""
    body = {
        "case_id": str(created.case_id),
        "reference": created.reference,
        "status": created.stage,
        "already": created.again,
    }
    return Answer(orjson.dumps(body), status_code=status)


def idempotency_key(request: Request[Any, Any, Any]) -> str | None:
    """The header `Idempotency-Key`; raises `Invalid` where it is not 1 to 200 visible characters."""
    for name, value in request.scope["headers"]:
        if name == b"idempotency-key":
            key = value.decode("latin-1").strip()
            if not key.isprintable() or not 1 <= len(key) <= LONGEST_KEY:
                message = "Écrivez une clé de 1 à 200 caractères visibles."
                raise Invalid(errors=(FieldError("Idempotency-Key", message),))
            return key
    return None
