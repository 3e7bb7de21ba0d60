"""The JSON API of purchasing, under /api."""

from litestar.types import ControllerRouterHandler

from services.purchasing.api.agreements import AGREEMENTS
from services.purchasing.api.censuses import CENSUSES
from services.purchasing.api.market import MARKET
from services.purchasing.api.purchases import PURCHASES

API: tuple[ControllerRouterHandler, ...] = (*PURCHASES, *CENSUSES, *AGREEMENTS, *MARKET)
