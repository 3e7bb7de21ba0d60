"""POST /demandes/api/requests: the way in for programs, and the hot path of the service."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from litestar import Request, post
from litestar.openapi.spec import OpenAPIType, Operation, Parameter, Schema
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from services.request.actions.create_request import create_request
from services.request.model.follow_up import Stage
from services.request.model.form import RequestForm
from services.request.model.request import Created
from services.request.parts import parts_of
from shared.basics import clock
from shared.basics.errors import FieldError, Invalid
from shared.web.api.bodies import Answer, documented, read_body
from shared.web.http.access import api_person
from shared.web.http.correlation import correlation_id

LONGEST_KEY = 200

NEEDED: list[JsonValue] = ["kind", "title", "description", "domain", "data", "care_stops"]
EXAMPLE: dict[str, JsonValue] = {
    "kind": "new",
    "title": "Planification du bloc opératoire",
    "description": "Nous planifions les interventions sur un tableau partagé ; deux personnes ne peuvent pas l’ouvrir.",
    "domain": "bloc-operatoire",
    "users": 46,
    "sites": "Bloc central",
    "data": "health",
    "care_stops": True,
    "max_downtime_hours": 4,
}


class NewRequest(RequestForm):
    """A request to send at once, or to keep as a draft (`submit` false, which may lack anything)."""

    model_config = ConfigDict(json_schema_extra={"required": NEEDED, "examples": [EXAMPLE]})

    submit: bool = Field(default=True, description="false keeps it as a draft")


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
      operation_class=Keyed, opt=documented(body=NewRequest, returns=RequestCreated, hot=True))  # fmt: skip
async def api_create(request: Request[Any, Any, Any]) -> Answer:
    """Create and submit in one command. Send the header `Idempotency-Key` so that a retry makes no second request."""
    person = api_person(request)
    key = idempotency_key(request)
    asked = await read_body(request, NewRequest)
    created = await create_request(
        parts_of(request.app.state),
        person,
        asked,
        clock.now(),
        correlation_id(request),
        submit=asked.submit,
        key=key,
    )
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
