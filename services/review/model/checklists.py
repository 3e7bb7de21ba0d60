"""The checklist of each kind of check: versioned, dated data. A review keeps the version that it was opened with."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.review.model.check_kinds import sensitivity
from shared.contracts.vocabulary import CheckKind, DataClass, RequestKind
from shared.contracts.words import Words
from shared.reference.files import BadReferenceData

FOLDER = Path(__file__).parents[1] / "data" / "checklists"


class AnswerCode(Words):
    """What an item may be answered."""

    YES = "yes", "Oui"
    NO = "no", "Non"
    NOT_APPLICABLE = "not_applicable", "Sans objet"
    DEROGATION = "derogation", "Dérogation"


class NoChecklist(LookupError):
    """No checklist of this kind is valid on this day."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AppliesWhen(_Part):
    """Which requests an item is for; None means any."""

    data: tuple[DataClass, ...] | None = None
    kinds: tuple[RequestKind, ...] | None = None
    care_stops: bool | None = None

    def holds(self, kind: RequestKind, data: DataClass, care_stops: bool) -> bool:
        return (
            (self.data is None or data in self.data)
            and (self.kinds is None or kind in self.kinds)
            and (self.care_stops is None or self.care_stops == care_stops)
        )


class ChecklistItem(_Part):
    """One question with its rule; some answers only count with evidence."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    question: str = Field(min_length=10)
    hint: str
    source: str = Field(min_length=3)
    answers: tuple[AnswerCode, ...] = Field(min_length=2)
    expected: AnswerCode
    evidence_required_for: tuple[AnswerCode, ...]
    applies_when: AppliesWhen

    @model_validator(mode="after")
    def _answers_agree(self) -> Self:
        if not {self.expected, *self.evidence_required_for} <= set(self.answers):
            raise ValueError(f"item {self.id}: expected answer or evidence outside its possible answers")
        return self


class Checklist(_Part):
    """One version of the checklist of a check."""

    kind: CheckKind
    version: str = Field(min_length=1)
    valid_from: date
    valid_to: date | None
    title: str
    items: tuple[ChecklistItem, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [item.id for item in self.items]
        if twice := {i for i in ids if ids.count(i) > 1}:
            raise ValueError(f"items that stand twice: {sorted(twice)}")
        return self

    def items_for(self, kind: RequestKind, data: DataClass, care_stops: bool) -> tuple[ChecklistItem, ...]:
        """The items that a request must have answered, in order."""
        return tuple(item for item in self.items if item.applies_when.holds(kind, data, care_stops))


def load(paths: Iterable[Path]) -> tuple[Checklist, ...]:
    """Every version in these files; two versions of one kind may not count on the same day."""
    found: list[Checklist] = []
    for path in paths:
        try:
            new = Checklist.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise BadReferenceData(path, None, str(error)) from error
        end = new.valid_to or date.max
        for old in found:
            if old.kind == new.kind and new.valid_from <= (old.valid_to or date.max) and old.valid_from <= end:
                raise BadReferenceData(path, None, f"versions {old.version} and {new.version} count on the same day")
        found.append(new)
    return tuple(found)


@lru_cache(maxsize=1)
def checklists() -> tuple[Checklist, ...]:
    """The versions that ship with the product."""
    return load(sorted(FOLDER.glob("*.json")))


@lru_cache(maxsize=512)
def checklist(kind: str, on: date) -> Checklist:
    """The version that a review opened that day freezes; NoChecklist when none is valid."""
    for version in checklists():
        if version.kind == kind and version.valid_from <= on and (version.valid_to is None or on <= version.valid_to):
            return version
    raise NoChecklist(f"no {kind} checklist is valid on {on}: add one to {FOLDER.name}/")


@lru_cache(maxsize=64)
def frozen(kind: str, version: str) -> Checklist | None:
    """The checklist with which a check was opened, None for a kind of a later version; versions are never removed."""
    for known in checklists():
        if known.kind == kind and known.version == version:
            return known
    if CheckKind.known(kind) is None:
        return None
    raise NoChecklist(f"version {version} of the {kind} checklist is gone: reviews opened with it need it back")


@lru_cache(maxsize=1024)
def applicable(kind: str, version: str, request: str, data: str, care_stops: bool) -> tuple[ChecklistItem, ...]:
    """The items of a frozen checklist that such a request must have answered; one of an unknown kind counts as new."""
    found = frozen(kind, version)
    if found is None:
        return ()
    return found.items_for(RequestKind.known(request) or RequestKind.NEW, sensitivity(data), care_stops)
