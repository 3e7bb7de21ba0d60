"""Whether a software that the GHT already runs would do: judged with the opinion of the functional check."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.review.model.check_kinds import rules_of
from services.review.model.refusals import UnknownReuse
from services.review.model.review import Reuse, Review
from services.review.model.texts import Paragraph
from shared.basics.errors import FieldError
from shared.contracts.need import Need


class ReuseJudgement(BaseModel):
    """Whether one software of the need's `equipped` list fits; with the reason."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entry_id: UUID = Field(description="As in the need's `equipped` list")
    fits: bool | None = Field(description="null: not judged")
    reason: Paragraph = Field("", description="Required when fits is true or false")


def judged(review: Review, kind: str, judgements: Sequence[ReuseJudgement]) -> tuple[Reuse, ...]:
    """The judgements with their products' names; raises `UnknownReuse`."""
    if not judgements:
        return ()
    equipped = {one.entry_id: one.product for one in Need.model_validate_json(review.need).equipped}
    errors: list[FieldError] = []
    for place, judgement in enumerate(judgements):
        if not rules_of(kind).judges_reuse or judgement.entry_id not in equipped:
            errors.append(FieldError(f"reuse.{place}.entry_id", "Ce logiciel n’accompagne pas la demande."))
        elif judgement.fits is not None and not judgement.reason:
            errors.append(
                FieldError(f"reuse.{place}.reason", "Dites pourquoi ce logiciel convient, ou ne convient pas.")
            )
    if errors:
        raise UnknownReuse(errors=tuple(errors))
    return tuple(Reuse(j.entry_id, equipped[j.entry_id], j.fits, j.reason) for j in judgements)
