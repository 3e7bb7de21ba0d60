"""The handlers that every service has."""

from pathlib import Path

from litestar.types import ControllerRouterHandler

from shared.operations.contracts import asyncapi_json
from shared.operations.health import live, ready
from shared.operations.messages import parked_dismissal, parked_message, parked_messages, parked_replay
from shared.operations.pages import operations_pages
from shared.operations.story import case_story, trail_verification

__all__ = ["DOCUMENTS", "OPERATIONS_TEMPLATES", "PROBES", "operations_api", "operations_pages"]


OPERATIONS_TEMPLATES = Path(__file__).parent / "templates"


def operations_api() -> list[ControllerRouterHandler]:
    """The story of a case, the verification of the trail, the parked messages."""
    return [case_story, trail_verification, parked_messages, parked_message, parked_replay, parked_dismissal]


PROBES: list[ControllerRouterHandler] = [live, ready]
"""Health probes for an orchestrator, at the root of the process."""
DOCUMENTS: list[ControllerRouterHandler] = [asyncapi_json]
"""Documents for programs, below the path of the service, beside `openapi.json`."""
