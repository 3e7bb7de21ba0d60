"""What the events of other services do to a review."""

from services.review.actions.answer_arrives import answer_arrives
from services.review.actions.close_withdrawn import close_withdrawn
from services.review.actions.open_review import open_review
from services.review.model.review import Review
from shared.contracts.events.requests import QuestionAnsweredV1, RequestSubmittedV2, RequestWithdrawnV1
from shared.messaging.inbox import Casework

CASEWORK: Casework[Review | None] = {
    RequestSubmittedV2: open_review,
    RequestWithdrawnV1: close_withdrawn,
    QuestionAnsweredV1: answer_arrives,
}
