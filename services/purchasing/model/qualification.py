"""The whole cost of a purchase over its full term, excluding VAT, bought and rented side by side (art. R2121-1 s. CCP)."""

from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from shared.contracts.words import Words


class Form(Words):
    """The two forms that are compared."""

    BOUGHT = "bought", "Achat"
    RENTED = "rented", "Location"


class ExclusiveRights(Words):
    """Whether only one supplier can answer because of exclusive rights (art. R2122-3 CCP)."""

    YES = "yes", "Oui"
    NO = "no", "Non"
    UNKNOWN = "unknown", "Pas encore su"


class CostLines(msgspec.Struct, frozen=True):
    """The cost of one form in euro cents; a line that is not paid is 0."""

    licences_cents: int = 0
    subscription_per_year_cents: int = 0
    maintenance_per_year_cents: int = 0
    hosting_per_year_cents: int = 0
    integration_cents: int = 0
    training_cents: int = 0
    renewal_fees_cents: int = 0

    @property
    def per_year_cents(self) -> int:
        """What is paid every year."""
        return self.subscription_per_year_cents + self.maintenance_per_year_cents + self.hosting_per_year_cents

    @property
    def once_cents(self) -> int:
        """What is paid once."""
        return self.licences_cents + self.integration_cents + self.training_cents + self.renewal_fees_cents

    def total_cents(self, years: int) -> int:
        """The cost over the full term."""
        return self.once_cents + years * self.per_year_cents


LINES: Final[tuple[tuple[str, str, bool], ...]] = (
    ("licences_cents", "Licences", False),
    ("subscription_per_year_cents", "Abonnement ou location", True),
    ("maintenance_per_year_cents", "Maintenance", True),
    ("hosting_per_year_cents", "Hébergement", True),
    ("integration_cents", "Intégration et reprise de données", False),
    ("training_cents", "Formation", False),
    ("renewal_fees_cents", "Frais de reconduction", False),
)
"""The lines of the table: field, label, whether it is paid every year."""


class SameNeed(msgspec.Struct, frozen=True):
    """Another purchase that the buyer holds for the same need: they are valued together (art. R2121-1 CCP)."""

    case_id: UUID
    reference: str
    title: str
    amount_cents: int


class Qualification(msgspec.Struct, frozen=True):
    """What the buyer learnt. `agreement`: the chosen agreement's id, "none" where the buyer sets them all aside, or None."""

    term_years: int
    renewal_years: int
    bought: CostLines | None
    rented: CostLines | None
    retained: Form | None
    exclusive_rights: ExclusiveRights
    justification: str
    cpv: str | None
    launch_on: date
    agreement: str | None = None
    same_need: tuple[SameNeed, ...] = ()
    note: str = ""

    @property
    def years(self) -> int:
        """The full term, renewals included."""
        return self.term_years + self.renewal_years

    def total_cents(self, form: Form) -> int | None:
        """The cost of one form over the full term; None where it was not valued."""
        lines = self.bought if form is Form.BOUGHT else self.rented
        return None if lines is None else lines.total_cents(self.years)

    @property
    def amount_cents(self) -> int | None:
        """The cost of the retained form."""
        return None if self.retained is None else self.total_cents(self.retained)

    @property
    def difference_cents(self) -> int | None:
        """What renting costs more than buying over the full term (negative: less); None where one is not valued."""
        bought, rented = self.total_cents(Form.BOUGHT), self.total_cents(Form.RENTED)
        return None if bought is None or rented is None else rented - bought

    @property
    def same_need_cents(self) -> int:
        """What the other purchases for the same need add."""
        return sum(other.amount_cents for other in self.same_need)
