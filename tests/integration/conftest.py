"""What holds in every test on a real database, whatever the test is about."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from shared.casework import decide as casework
from shared.casework import desk
from shared.messaging import inbox
from tests.integration.toy import TallyStore


@pytest.fixture(autouse=True)
def what_is_remembered_is_what_would_be_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every guess that is still up to date equals the state that a reading of the same version gives."""
    differing: list[Any] = []

    async def compared(db: Any, store: Any, works: Sequence[Any], memory: Any = None) -> Any:
        guessed = casework._guessed(works, memory)
        # The toy counts its readings.
        found = {} if isinstance(store, TallyStore) else await store.read(db, sorted(guessed))
        differing.extend(
            (guess, found[case_id])
            for case_id, guess in guessed.items()
            if case_id in found and found[case_id][0].version == guess[0].version and found[case_id] != guess
        )
        return await casework.decide_all(db, store, works, memory)

    for module in (desk, inbox):
        monkeypatch.setattr(module, "decide_all", compared)
    yield
    assert not differing
