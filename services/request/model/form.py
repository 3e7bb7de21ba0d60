"""The form of a request: the fields of the contract, with what a person who types a draft needs beyond it.

Fields, bounds and steps are those of `shared/contracts/need.py`. Here words, domains and CPV codes must be known ones.
"""

from typing import Any

from pydantic import ConfigDict, GetJsonSchemaHandler, TypeAdapter, ValidationInfo, field_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from shared.contracts.event import Fact
from shared.contracts.need import (
    ContinuityFields,
    FormFields,
    NatureFields,
    NeedFields,
    UsersFields,
    fields_of,
    reads_of,
)
from shared.reference.cpv import codes, normalise
from shared.reference.domains import domains

WORDS = {field: words for field in fields_of("word") if (words := reads_of(field).words) is not None}
"""The vocabulary of each field that takes a word."""


class Step(Fact):
    """A part of the form."""

    model_config = ConfigDict(extra="forbid")

    @field_validator(*WORDS, check_fields=False)
    @classmethod
    def _known_word(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        words = WORDS[info.field_name or ""]
        known = words.known(value)
        if known is None:
            *others, last = words
            raise ValueError(f"Choisissez une des réponses proposées : {', '.join(others)} ou {last}.")
        return known

    @field_validator(*fields_of("domain"), mode="before", check_fields=False)
    @classmethod
    def _known_domain(cls, code: Any) -> Any:
        if isinstance(code, str) and code not in domains():
            raise ValueError("Choisissez un domaine de la liste.")
        return code

    @field_validator(*fields_of("cpv"), mode="before", check_fields=False)
    @classmethod
    def _known_cpv(cls, written: Any) -> Any:
        """Also with its check digit, which is left out."""
        if not isinstance(written, str):
            return written
        try:
            code = normalise(written)
        except ValueError:
            code = ""
        if code not in codes():
            raise ValueError("Ce code CPV n’existe pas : écrivez huit chiffres, par exemple 48180000.")
        return code

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A word that the contract leaves open is one of the known ones here."""
        schema = handler(core)
        for said in handler.resolve_ref_schema(schema).get("properties", {}).values():
            for one in (said, *said.get("anyOf", ())):
                if (known := one.pop("x-known-values", None)) is not None:
                    one["enum"] = known
        return schema


# The contract's class stands first: of two configurations pydantic takes the last one.
class NatureStep(NatureFields, Step):
    """What sort of request it is."""


class NeedStep(NeedFields, Step):
    """The need in the user's words, and what there is today."""


class UsersStep(UsersFields, Step):
    """Who will use it, how many, where."""


class ContinuityStep(ContinuityFields, Step):
    """The data, what happens when it is down, when it is wished for and what it may cost."""


class RequestForm(FormFields, Step):
    """The whole form."""


EMPTY = RequestForm()
_AS_FORM = TypeAdapter(RequestForm).dump_json


def form_text(form: RequestForm) -> str:
    """What was filled in, as JSON; what an API body has besides the form is left out."""
    return _AS_FORM(form, exclude_defaults=True).decode()
