"""The pages of the review service, under /instruction."""

from litestar.types import ControllerRouterHandler

from services.review.pages.absences import ABSENCES
from services.review.pages.arbitration import ARBITRATION
from services.review.pages.check import CHECK
from services.review.pages.live import LIVE
from services.review.pages.queues import QUEUES
from services.review.pages.whole import WHOLE

HANDLERS: list[ControllerRouterHandler] = [*QUEUES, *CHECK, *WHOLE, *ARBITRATION, *ABSENCES, *LIVE]
