"""What a process remembers of its cases: the latest, for those who may see them, and nothing that is in doubt."""

import pytest

from shared.basics.ids import new_id
from shared.casework.memory import DOUBT_SECONDS, Head, Memory, Written
from shared.database.postgres import EVERYTHING

HERE, ELSEWHERE = "420780033", "420784878"


def memory(most: int = 10) -> Memory[str | None]:
    return Memory(as_read=lambda state: state and state.lower(), nothing=None, most=most)


def kept(state: str, version: int = 1, case_id: object = None) -> Written[str | None]:
    return Written(case_id or new_id(), HERE, Head(version), state)  # type: ignore[arg-type]


def test_a_written_state_is_remembered_as_it_would_be_read() -> None:
    remembers, one = memory(), kept("As Written")
    remembers.remember([one])
    assert remembers.of(one.case_id, HERE) == (Head(1), "as written")
    assert remembers.of(new_id(), HERE) is None


def test_a_state_that_is_to_be_read_is_not_remembered_and_the_one_before_it_is_gone() -> None:
    remembers: Memory[str | None] = Memory(as_read=lambda state: None if state == "draft" else state, nothing=None)
    one = kept("sent")
    remembers.remember([one])
    remembers.remember([kept("draft", version=2, case_id=one.case_id)])
    assert remembers.of(one.case_id, HERE) is None


@pytest.mark.parametrize(
    ("scope", "seen"),
    [(HERE, True), (f"{ELSEWHERE},{HERE}", True), (EVERYTHING, True), (ELSEWHERE, False), ("", False)],
)
def test_only_those_who_may_see_a_case_are_given_what_is_remembered_of_it(scope: str, seen: bool) -> None:
    remembers, one = memory(), kept("x")
    remembers.remember([one])
    assert (remembers.of(one.case_id, scope) is not None) is seen


def test_an_older_state_never_replaces_a_newer_one() -> None:
    remembers, newer = memory(), kept("newer", version=5)
    remembers.remember([newer])
    remembers.remember([kept("older", version=4, case_id=newer.case_id)])
    assert remembers.of(newer.case_id, HERE) == (Head(5), "newer")


def test_the_cases_that_were_written_longest_ago_are_forgotten_first() -> None:
    remembers, cases = memory(most=3), [kept(str(number)) for number in range(4)]
    remembers.remember(cases[:3])
    remembers.remember([kept("again", version=2, case_id=cases[0].case_id), cases[3]])
    assert [remembers.of(case.case_id, HERE) is not None for case in cases] == [True, False, True, True]


def test_what_is_in_doubt_is_forgotten_and_for_a_while_everything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    remembers, one = memory(), kept("x")
    remembers.remember([one])
    times = iter([1000.0, 1000.1, 1000.0 + DOUBT_SECONDS])
    monkeypatch.setattr("time.monotonic", lambda: next(times))
    remembers.doubt()
    assert remembers.of(one.case_id, HERE) is None
    assert [remembers.doubted, remembers.doubted] == [True, False]
