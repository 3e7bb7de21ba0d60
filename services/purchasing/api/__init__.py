"""The JSON API of purchasing, under /api."""

from litestar.types import ControllerRouterHandler

from services.purchasing.api.purchases import PURCHASES

API: tuple[ControllerRouterHandler, ...] = (*PURCHASES,)
