"""A field of the form is declared in the contract and drawn in the template of its step; nothing on the way drops it."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from pydantic import ValidationError

from services.request.actions.create_request import CreateRequest, Given, decide
from services.request.model.form import WORDS, RequestForm
from services.request.pages.steps import STEPS, FormStep, typed
from services.request.service import SERVICE
from shared.contracts.events.requests import RequestSubmittedV2
from shared.contracts.need import FormFields, Need
from shared.identity.demo import DEMO_ACCOUNTS
from shared.web.pages.forms import Form
from tests.helpers.filled_form import filled_form

AUTHOR = DEMO_ACCOUNTS["requester-roanne"].person
NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
DRAWN = [(step, field) for step in STEPS for field in step.fields]


def test_the_steps_ask_for_every_field_of_the_contract_in_its_order() -> None:
    assert [field for _, field in DRAWN] == list(FormFields.model_fields) == list(RequestForm.model_fields)


@pytest.mark.parametrize(("step", "field"), DRAWN, ids=[field for _, field in DRAWN])
def test_each_field_is_drawn_in_the_template_of_its_step(step: FormStep, field: str) -> None:
    template = (SERVICE.templates / step.template).read_text()
    assert f'(form, "{field}",' in template, f"{field} is declared and not drawn in {step.template}"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_what_a_page_shows_is_read_back_as_it_was(step: FormStep) -> None:
    form = filled_form()
    again = Form(typed(form)).parse(step.model)
    assert again is not None
    assert {field: getattr(again, field) for field in step.fields} == form.model_dump(include=set(step.fields))


def test_numbers_and_money_are_typed_as_people_write_them() -> None:
    users, continuity = STEPS[2].model, STEPS[3].model
    assert Form({"users": "1 284"}).parse(users) == users.model_validate({"users": 1284})
    given = Form({"estimated_amount_cents": "284 000,50"}).parse(continuity)
    assert given == continuity.model_validate({"estimated_amount_cents": 28_400_050})


@pytest.mark.parametrize("field", FormFields.model_fields)
def test_each_field_reaches_the_event(field: str) -> None:
    form = filled_form()
    command = CreateRequest(**form.model_dump())
    (event,) = decide(None, AUTHOR, command, Given(uuid4(), "D-2026-000001"), NOW).events
    assert isinstance(event, RequestSubmittedV2)
    read = RequestSubmittedV2.model_validate_json(event.model_dump_json())
    assert getattr(form, field) != FormFields.model_fields[field].default, "fill the field with a value of its own"
    assert getattr(read.need, field) == getattr(form, field)


def test_words_travel_with_their_labels() -> None:
    command = CreateRequest(**filled_form().model_dump())
    (event,) = decide(None, AUTHOR, command, Given(uuid4(), "D-2026-000001"), NOW).events
    assert isinstance(event, RequestSubmittedV2)
    for field, words in WORDS.items():
        assert f"{field}_label" in Need.model_fields, f"the contract has no label for {field}"
        assert getattr(event.need, f"{field}_label") == words(getattr(event.need, field)).label
    assert (event.need.establishment_label, event.need.domain_label) == ("CH de Roanne", "Stérilisation")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("kind", "purchase", "Choisissez une des réponses proposées : new, extension, replacement, renewal ou retirement."),
        ("domain", "ailleurs", "Choisissez un domaine de la liste."),
        ("domain", "AILLEURS !", "Choisissez un domaine de la liste."),
        ("cpv", "12345678", "Ce code CPV n’existe pas : écrivez huit chiffres, par exemple 48180000."),
    ],
)  # fmt: skip
def test_a_form_takes_known_words_only(field: str, value: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        RequestForm.model_validate({field: value})
    assert str(refused.value.errors()[0]["ctx"]["error"]) == sentence


def test_a_cpv_code_is_kept_without_its_check_digit() -> None:
    assert RequestForm(cpv="48814300-0").cpv == "48814300"


def test_the_words_of_a_form_are_told_to_programs() -> None:
    described = RequestForm.model_json_schema()["properties"]
    for field, words in WORDS.items():
        offered = [one.get("enum") for one in (described[field], *described[field].get("anyOf", ()))]
        assert [str(word) for word in words] in offered
