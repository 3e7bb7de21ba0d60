"""CPV 2008: its codes, and the hierarchy that agreements rely on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.reference.cpv import codes, covers, exists, normalise

ANY_CODE = st.sampled_from(sorted(codes()))


def test_all_codes_are_there() -> None:
    assert len(codes()) == 9454


@pytest.mark.parametrize("written", ["48814300", "48814300-0", "488143000", " 48814300 "])
def test_the_check_digit_is_optional(written: str) -> None:
    assert codes()[normalise(written)].label_fr == "Système de gestion de salles d'opération"


@pytest.mark.parametrize("written", ["", "48", "4881430", "48814300-", "48814300-12", "abcdefgh"])
def test_what_is_not_a_code_is_refused(written: str) -> None:
    assert not exists(written)
    with pytest.raises(ValueError, match="CPV"):
        normalise(written)


@pytest.mark.parametrize(
    ("scope", "code", "covered"),
    [
        ("48000000", "48814300", True),
        ("48814000", "48814300-0", True),
        ("48814300", "48814000", False),
        ("48814300", "48814300", True),
        ("72000000", "48814300", False),
        ("30000000", "30200000", True),
        ("30000000", "33000000", False),  # the division keeps its own zero
    ],
)
def test_a_scope_covers_what_begins_with_its_digits(scope: str, code: str, covered: bool) -> None:
    assert covers(scope, code) is covered


@given(code=ANY_CODE)
def test_a_code_covers_itself_and_its_division_covers_it(code: str) -> None:
    assert covers(code, code)
    assert covers(code[:2].ljust(8, "0"), code)


@given(scope=ANY_CODE, code=ANY_CODE)
def test_two_codes_that_cover_each_other_are_the_same(scope: str, code: str) -> None:
    assert (covers(scope, code) and covers(code, scope)) is (scope == code)
