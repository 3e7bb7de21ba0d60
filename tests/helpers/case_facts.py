"""What tests say in events of a case: what it is about, a condition of its review."""

from typing import Any
from uuid import uuid4

from shared.contracts.case import About
from shared.contracts.events.reviews import Condition

ABOUT = About(
    reference="D-2026-000001",
    title="Planification du bloc opératoire",
    establishment="420784878",
    department="Bloc opératoire",
    domain="bloc-operatoire",
)


def condition(**said: Any) -> Condition:
    """A condition of the security check that is not met, but for what is said otherwise."""
    usual: dict[str, Any] = {
        "condition_id": uuid4(),
        "origin": "opinion",
        "check": "security",
        "text": "Tester le mode dégradé avant la mise en service.",
        "owner_role": "head_of_department",
        "establishment": "420784878",
        "due": "before_go_live",
        "blocking": True,
        "state": "open",
    }
    return Condition(**{**usual, **said})
