"""Litestar's own `data: JSONBody[Model]` and `-> Model`, parsed and serialised by pydantic.

Litestar would decode the JSON with msgspec first and report errors in English. Here pydantic validates the raw bytes, and
an invalid body raises our refusal `Invalid`, which msgspec does not wrap because it is no `ValueError`.
"""

from typing import Any

import msgspec
from litestar import Request
from litestar.config.app import AppConfig
from litestar.enums import RequestEncodingType
from litestar.handlers import BaseRouteHandler
from litestar.params import BodyKwarg
from litestar.plugins.pydantic import PydanticInitPlugin
from pydantic import BaseModel, ValidationError

from shared.web.http.validation import invalid

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


def takes_form(handler: BaseRouteHandler) -> bool:
    """Whether the `data` of this handler is a form."""
    data = handler.parsed_fn_signature.parameters.get("data")
    return (
        data is not None and isinstance(data.kwarg_definition, BodyKwarg) and data.kwarg_definition.media_type in FORMS
    )


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _read(model: type[BaseModel], value: Any) -> BaseModel:
    try:
        return model.model_validate_json(value) if isinstance(value, bytes) else model.model_validate(value)
    except ValidationError as error:
        raise invalid(error) from None


def _write(model: BaseModel) -> msgspec.Raw:
    return msgspec.Raw(model.model_dump_json().encode())
