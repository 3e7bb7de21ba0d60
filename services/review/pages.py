"""Pages of the review service."""

from litestar.types import ControllerRouterHandler

HANDLERS: list[ControllerRouterHandler] = []
