"""The pages of purchasing, under /achats."""

from litestar.types import ControllerRouterHandler

from services.purchasing.pages.agreements import AGREEMENTS
from services.purchasing.pages.award import AWARD
from services.purchasing.pages.board import BOARD
from services.purchasing.pages.censuses import CENSUSES
from services.purchasing.pages.purchase import PURCHASE
from services.purchasing.pages.qualify import QUALIFY
from services.purchasing.pages.rules import RULES

PAGES: tuple[ControllerRouterHandler, ...] = (
    *BOARD,
    *PURCHASE,
    *QUALIFY,
    *AWARD,
    *CENSUSES,
    *AGREEMENTS,
    *RULES,
)
