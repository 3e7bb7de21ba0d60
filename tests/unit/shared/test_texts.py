"""What people type, wherever it comes from."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from services.purchasing.model.texts import Line as BuyersLine
from services.purchasing.model.texts import Text as BuyersText
from services.review.model.texts import Line as ReviewersLine
from services.review.model.texts import Paragraph as ReviewersText
from shared.contracts.texts import Line, Paragraphs

LINES, TEXTS = (Line, BuyersLine, ReviewersLine), (Paragraphs, BuyersText, ReviewersText)


@pytest.mark.parametrize("kind", TEXTS)
def test_lines_end_alike_wherever_they_were_typed(kind: Any) -> None:
    read = TypeAdapter(kind).validate_python
    assert (
        read("Planning du bloc.\r\nPlusieurs salles.\rUn tableau.\n")
        == "Planning du bloc.\nPlusieurs salles.\nUn tableau."
    )


@pytest.mark.parametrize("kind", LINES)
def test_what_was_copied_from_several_lines_becomes_one(kind: Any) -> None:
    assert TypeAdapter(kind).validate_python(" Gestion\r\n  des lits\n") == "Gestion des lits"


@pytest.mark.parametrize("kind", [*LINES, *TEXTS])
@pytest.mark.parametrize("char", ["\x00", "\x07", "\x1b", "\x7f", "\ud800"])
def test_invisible_characters_are_named(kind: Any, char: str) -> None:
    with pytest.raises(ValueError, match=r"caractère invisible|valid (string|unicode)"):
        TypeAdapter(kind).validate_python(f"a{char}b")
