"""The JSON API of the review service."""

from litestar.types import ControllerRouterHandler

from services.review.api_absences import ABSENCES
from services.review.api_acts import ACTS
from services.review.api_reads import READS

HANDLERS: list[ControllerRouterHandler] = [*READS, *ACTS, *ABSENCES]
