"""Save a draft, or a part of it: what it lacks is told only when it is sent."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from services.request.actions.authoring import edit
from services.request.model.form import RequestForm, Step
from services.request.model.request import Request
from services.request.parts import Parts
from shared.casework.decide import Work
from shared.identity.person import Person


async def edit_draft(
    parts: Parts,
    person: Person,
    case_id: UUID,
    change: Callable[[RequestForm], RequestForm],
    now: datetime,
    correlation_id: UUID,
) -> Request:
    """The draft after the change; raises `NotFound`, `NotTheAuthor`, `AlreadySubmitted`, `AlreadyWithdrawn`."""
    work = Work(case_id, person.scope, lambda state: edit(state, person, change, now), now, correlation_id)
    saved: Request = await parts.desk.run(work)
    return saved


def whole(form: RequestForm) -> Callable[[RequestForm], RequestForm]:
    """The form as given takes the place of what there was."""
    return lambda _: form


def part(step: Step) -> Callable[[RequestForm], RequestForm]:
    """The fields of one step take the place of what there was; the others stay."""
    fields = {name: getattr(step, name) for name in type(step).model_fields if name in RequestForm.model_fields}
    return lambda form: form.model_copy(update=fields)
