"""A field of the form is declared once, and drawn for everybody who reads a need."""

import pytest

from shared.contracts.need import FormFields, reads_of
from shared.web.pages.need_facts import need_facts, value_in_french
from tests.helpers.filled_form import filled_form

FILLED = filled_form()


@pytest.mark.parametrize("field", FormFields.model_fields)
def test_every_field_says_how_it_reads_and_reads_in_words(field: str) -> None:
    reads = reads_of(field)
    assert reads.label
    assert value_in_french(FILLED, field, reads), f"{field} is dropped on the pages that show a need"


def test_each_filled_field_has_its_row() -> None:
    heads = {reads_of(field).label for field in FormFields.model_fields if reads_of(field).head}
    assert heads == {"Titre", "Besoin"}
    assert [label for label, _ in need_facts(FILLED)] == [
        reads_of(field).label for field in FormFields.model_fields if not reads_of(field).head
    ]


def test_a_word_that_is_not_known_yet_shows_its_label_or_itself() -> None:
    later = FILLED.model_copy(update={"kind": "pilot"})
    assert value_in_french(later, "kind", reads_of("kind")) == "pilot"


def test_what_is_left_empty_has_a_row_only_where_it_is_asked_for() -> None:
    empty = FormFields()
    assert need_facts(empty) == [("Urgence", "Normale")]
    assert ("Code CPV", "") not in need_facts(empty, unfilled=True)
    assert ("Lieux", "") in need_facts(empty, unfilled=True)
