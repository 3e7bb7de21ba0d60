"""Which event does what to a purchase; every other event passes by."""

from services.purchasing.actions.close_purchase import request_withdrawn
from services.purchasing.actions.open_purchase import review_decided
from services.purchasing.model.purchase import PurchaseFile
from shared.contracts.events.requests import RequestWithdrawnV1
from shared.contracts.events.reviews import ReviewDecidedV1
from shared.messaging.inbox import Casework

CASEWORK: Casework[PurchaseFile] = {
    ReviewDecidedV1: review_decided,
    RequestWithdrawnV1: request_withdrawn,
}
