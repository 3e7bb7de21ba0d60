"""Forms keep what was typed, and say in French what to correct."""

from datetime import date
from typing import Annotated

import pytest
from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from shared.basics.errors import FieldError, Invalid
from shared.basics.french import parse_euros
from shared.web.http.validation import invalid
from shared.web.pages.forms import Form


class Need(BaseModel):
    text: str = Field(min_length=10)
    users: int = Field(ge=1)
    sites: tuple[str, ...] = ()
    wished: date | None = None
    price: Annotated[int, BeforeValidator(parse_euros)] | None = None


def test_a_form_becomes_a_model_and_blanks_are_absent() -> None:
    form = Form({"text": " Planifier le bloc ", "users": "46", "sites": ["a", "b"], "wished": "", "price": "1 250"})
    need = form.parse(Need)
    assert need == Need(text="Planifier le bloc", users=46, sites=("a", "b"), price="1 250")
    assert not form.wrong


def test_what_is_wrong_is_said_field_by_field_and_input_is_kept() -> None:
    form = Form({"text": "court", "users": "beaucoup"})
    assert form.parse(Need) is None
    assert form.errors == {
        "text": "Écrivez au moins 10 caractères.",
        "users": "Écrivez un nombre entier, par exemple 46.",
    }
    assert form.get("users") == "beaucoup"


def test_a_blank_required_field_is_asked_for() -> None:
    form = Form({"text": "   ", "users": "1"})
    form.parse(Need)
    assert form.error("text") == "Cette information est attendue\u202f: complétez-la."


def test_our_own_validators_speak_for_themselves() -> None:
    form = Form({"text": "Planifier le bloc", "users": "1", "price": "douze"})
    form.parse(Need)
    assert form.error("price") == "Écrivez un montant en euros, par exemple 284 000 ou 1 250,50.".replace(
        "284 000", "284\u202f000"
    ).replace("1 250", "1\u202f250")


def test_a_refusal_of_the_rules_lands_beside_its_fields() -> None:
    form = Form({"text": "x"})
    form.refuse(Invalid("Il manque une preuve.", errors=(FieldError("text", "Dites ce qui manque."),)))
    assert form.wrong
    assert form.refusal == "Il manque une preuve."
    assert form.error("text") == "Dites ce qui manque."


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"users": {}}'])
def test_every_message_is_french(body: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Need.model_validate_json(body)
    for error in invalid(caught.value).errors:
        assert error.message.endswith(".")
        assert "should" not in error.message
        assert "Input" not in error.message
