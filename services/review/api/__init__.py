"""The JSON API of the review service."""

from litestar.types import ControllerRouterHandler

from services.review.api.absences import ABSENCES
from services.review.api.acts import ACTS
from services.review.api.reads import READS

HANDLERS: list[ControllerRouterHandler] = [*READS, *ACTS, *ABSENCES]
