"""A text of which nothing would be seen is an empty one; what joins and parts the letters of a real one is kept."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from services.purchasing.model.texts import Line as BuyersLine
from services.purchasing.model.texts import Text as BuyersText
from services.request.model.form import Line, Paragraph
from services.review.model.texts import Reason, Written

BLANK = ("\u200b", " \u200b\u00a0", "\ufeff\u2028\u200d", "\u00ad" * 30, "\u200e\n\u200f")


@pytest.mark.parametrize("kind", [Line, Paragraph, BuyersLine, BuyersText])
@pytest.mark.parametrize("text", BLANK)
def test_what_nobody_would_see_counts_as_empty(kind: Any, text: str) -> None:
    assert TypeAdapter(kind).validate_python(text) == ""


@pytest.mark.parametrize("kind", [Written, Reason])
@pytest.mark.parametrize("text", ["\u200b" * 30, "\u00ad\n" * 30])
def test_it_is_no_reason_either(kind: Any, text: str) -> None:
    with pytest.raises(ValidationError, match="at least"):
        TypeAdapter(kind).validate_python(text)


@pytest.mark.parametrize("text", ["👩\u200d⚕️ au bloc", "anti\u00adconstitutionnel", "\u200eבדיקה\u200f", "مح\u200cمود"])
def test_joiners_and_soft_hyphens_stay_where_they_are(text: str) -> None:
    assert TypeAdapter(Line).validate_python(text) == text
