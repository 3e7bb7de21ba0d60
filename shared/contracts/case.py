"""What every event of a case carries beside its own fact: what the case is about, and the tasks that it opens or ends."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator

from shared.contracts.event import Event, Fact
from shared.contracts.need import Domain, Need
from shared.contracts.texts import Account, Finess, Line, Sentence
from shared.contracts.vocabulary import AnyCheckKind, AnyRole
from shared.contracts.words import Label

TaskKey = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(:[A-Za-z0-9_-]{1,60})?$")]
"""What a task is called within its case: `check:security`, `answer:<question>`, `route`."""


class About(Fact):
    """What a case is about, so that a consumer of one topic needs no join."""

    reference: Line
    title: Line
    establishment: Finess
    establishment_label: Label = ""
    department: Line
    domain: Domain
    domain_label: Label = ""


def about(need: Need) -> About:
    """What the case of this need is about."""
    return About.model_construct(
        reference=need.reference,
        title=need.title,
        establishment=need.establishment,
        establishment_label=need.establishment_label,
        department=need.department,
        domain=need.domain,
        domain_label=need.domain_label,
    )


class Task(Fact):
    """Something that is expected of somebody: of one account, or of whoever holds a role (of an establishment, if one
    is named).

    It stands under its key within its case: opened again, it takes the place of what stood there. `queue` is the check
    kind whose queue it belongs to. `link` is an address of the site, from its root.
    """

    key: TaskKey
    sentence: Sentence
    link: Annotated[str, StringConstraints(pattern=r"^/[^\s]{0,300}$")]
    person: Account | None = None
    role: AnyRole | None = None
    role_label: Label = ""
    establishment: Finess | None = None
    queue: AnyCheckKind | None = None
    due_at: datetime | None = None

    @model_validator(mode="after")
    def _is_for_somebody(self) -> Self:
        if self.person is None and self.role is None:
            raise ValueError("a task is for a person or for a role")
        return self


EVERY_TASK = "*"
"""In `closes`: whatever is still expected for this case."""


class CaseEvent(Event):
    """Something that happened to a case: ordered by case. `closes` names the tasks that it ends, by their keys."""

    case_id: UUID
    about: About
    opens: tuple[Task, ...] = ()
    closes: tuple[TaskKey | Literal["*"], ...] = ()

    @property
    def key(self) -> UUID:
        """All events of a case share a partition."""
        return self.case_id
