"""HTML forms: typed values are kept, each error is shown beside its field."""

from collections.abc import Mapping
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from litestar import Request
from litestar.datastructures import UploadFile
from pydantic import BaseModel, ValidationError

from shared.basics.errors import Refusal
from shared.web.http.validation import field_errors

M = TypeVar("M", bound=BaseModel)
MANY = (list, tuple, set, frozenset)


class Form:
    """Typed values, uploads and errors of one form; templates read it through the macros of `macros/form.html`."""

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self._values = {name: _texts(value) for name, value in (values or {}).items()}
        self.uploads: dict[str, list[UploadFile]] = {}
        self.errors: dict[str, str] = {}
        self.refusal: str | None = None

    @classmethod
    async def read(cls, request: Request[Any, Any, Any]) -> "Form":
        """The posted form, urlencoded or multipart."""
        form = cls()
        for name, value in (await request.form()).multi_items():
            if isinstance(value, UploadFile):
                if value.filename:
                    form.uploads.setdefault(name, []).append(value)
            elif name != "_csrf_token":
                form._values.setdefault(name, []).append(str(value).replace("\r\n", "\n"))
        return form

    @property
    def wrong(self) -> bool:
        """Whether there are errors; page titles then begin with "Erreur"."""
        return bool(self.errors or self.refusal)

    def get(self, name: str) -> str:
        """The value of a field as typed, empty if absent."""
        values = self._values.get(name)
        return values[0] if values else ""

    def all(self, name: str) -> list[str]:
        """Every value of a field that may be ticked several times."""
        return self._values.get(name, [])

    def error(self, name: str) -> str | None:
        """The error of this field, in French."""
        return self.errors.get(name)

    def add_error(self, name: str, message: str) -> None:
        """Refuse one field; the first message of a field is kept."""
        self.errors.setdefault(name, message)

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal: its sentence on top, its errors beside their fields."""
        self.refusal = refusal.public
        for error in refusal.errors:
            self.add_error(error.field, error.message)

    def parse(self, model: type[M], **given: Any) -> M | None:
        """The form as `model` (blank fields count as absent, `given` wins), or None with `errors` filled."""
        data: dict[str, Any] = {}
        for name, field in model.model_fields.items():
            values = [text.strip() for text in self.all(name)]
            if _is_many(field.annotation):
                data[name] = [text for text in values if text]
            elif values and values[0]:
                data[name] = values[0]
        try:
            return model.model_validate({**data, **given})
        except ValidationError as error:
            for wrong in field_errors(error.errors(include_url=False)):
                self.add_error(wrong.field.split(".")[0], wrong.message)
            return None


def _is_many(annotation: Any) -> bool:
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        return any(_is_many(part) for part in get_args(annotation))
    return (origin or annotation) in MANY


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, MANY):
        return [str(item) for item in value]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [str(value)]
