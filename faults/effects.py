"""What the campaign knows of the contract: who reads which topic, and which events have an effect on whom."""

from collections.abc import Mapping

from shared.contracts.catalogue import BY_NAME, TOPICS

REQUESTS, REVIEWS, PURCHASES, CATALOGUE = "case.requests", "case.reviews", "case.purchases", "catalogue.entries"

READERS: Mapping[str, tuple[str, ...]] = {topic.name: topic.consumers for topic in TOPICS}
"""Which services read each topic, from the contract (`docs/events.md`), not from their code."""
WITH_EFFECT: Mapping[str, Mapping[str, str | None]] = {
    "request": {REVIEWS: None, PURCHASES: None, CATALOGUE: None},
    "review": {REQUESTS: None},
    "purchasing": {REQUESTS: "convergence.request-withdrawn.v1", REVIEWS: "convergence.review-decided.v1"},
}
"""Which events have an effect on which service: all of a topic, or one type."""


def acted_on(topic: str) -> str:
    """A type of event that every reader of the topic acts on: what one does not act on may pass it by unread."""
    some = (one for reads in WITH_EFFECT.values() if (one := reads.get(topic)))
    return next(some, BY_NAME[topic].events[0].type)
