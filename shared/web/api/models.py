"""Litestar's own `data: JSONBody[Model]` and `-> Model`, parsed and serialised by pydantic.

Litestar would decode the JSON with msgspec first and report errors in English. Here pydantic validates the raw bytes, and
an invalid body raises our refusal `Invalid`, which msgspec does not wrap because it is no `ValueError`.
"""

from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Request
from litestar.config.app import AppConfig
from litestar.enums import RequestEncodingType
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.params import BodyKwarg
from litestar.plugins.pydantic import PydanticInitPlugin, PydanticSchemaPlugin
from litestar.typing import FieldDefinition
from pydantic import BaseModel, ValidationError

from shared.web.http.validation import invalid

if TYPE_CHECKING:
    from litestar._openapi.schema_generation.schema import SchemaCreator

FORMS = (RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART)


class ModelRequest(Request[Any, Any, Any]):
    """A request to the API, whose JSON body is parsed by the model that the handler names."""

    async def json(self) -> bytes:
        """The raw body."""
        return await self.body()


class PydanticModels(PydanticInitPlugin):
    """Replaces Litestar's plugin for pydantic."""

    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        app_config.type_decoders = [(_is_model, _read), *(app_config.type_decoders or [])]
        app_config.type_encoders = {BaseModel: _write, **(app_config.type_encoders or {})}
        return app_config


class PydanticSchemas(PydanticSchemaPlugin):
    """The OpenAPI document takes bodies and answers from pydantic (`openapi.py`): Litestar's own schema of a model would
    be thrown away, and it refuses keywords that it does not know (`x-known-values`). Forms keep Litestar's.
    """

    @classmethod
    def for_pydantic_model(cls, field_definition: FieldDefinition, schema_creator: "SchemaCreator") -> Schema:
        if _is_form(field_definition):
            return super().for_pydantic_model(field_definition, schema_creator)
        return Schema(type=OpenAPIType.OBJECT)


def takes_form(handler: BaseRouteHandler) -> bool:
    """Whether the `data` of this handler is a form."""
    data = handler.parsed_fn_signature.parameters.get("data")
    return data is not None and _is_form(data)


def _is_form(field: FieldDefinition) -> bool:
    return isinstance(field.kwarg_definition, BodyKwarg) and field.kwarg_definition.media_type in FORMS


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _read(model: type[BaseModel], value: Any) -> BaseModel:
    try:
        return model.model_validate_json(value) if isinstance(value, bytes) else model.model_validate(value)
    except ValidationError as error:
        raise invalid(error) from None


def _write(model: BaseModel) -> msgspec.Raw:
    return msgspec.Raw(model.model_dump_json().encode())
