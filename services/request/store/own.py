"""What each process of the service keeps beside the database."""

from dataclasses import dataclass, field

from services.request.store.equipped import Equipped
from services.request.store.references import References


@dataclass(frozen=True, slots=True)
class Own:
    """Found by actions as `running.own`."""

    references: References = field(default_factory=References)
    equipped: Equipped = field(default_factory=Equipped)
