"""The AsyncAPI document of this service."""

from typing import Any

from litestar import MediaType, Request, Response, get

from shared.contracts.documents import asyncapi


@get("/asyncapi.json", include_in_schema=False, sync_to_thread=False)
def asyncapi_json(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """The topics that this service sends to or reads, with the schema and an example of each event."""
    settings = request.app.state.settings
    return Response(asyncapi(settings.service, settings.kafka.partition(",")[0]), media_type=MediaType.JSON)
