"""What people and other systems wrote commands no terminal: it is shown as what it is."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from rich.console import Console

from convergence.commands import case, import_requests, parked
from convergence.files.csv_file import BadLine
from convergence.scenario import report
from convergence.scenario.play import Way
from convergence.screen.console import print_json, shown, visible
from convergence.screen.failure import Failure
from shared.contracts.vocabulary import Route, Verdict
from shared.reference.demo_data import Expected

ATTACK = "[/x][bold]a[/bold] \x1b[31m\x1b]52;c;ZXZpbA==\x07\x9b2J\x00\r\u202e\\"
AT = "2026-11-23T04:00:00Z"
MESSAGE: dict[str, Any] = {
    "parked_id": 1, "topic": ATTACK, "partition": 0, "offset": 1, "slug": ATTACK, "reason": ATTACK, "attempts": 0,
    "holds_case": None, "parked_at": AT, "resolved_at": AT, "resolution": ATTACK, "key": f"k\n✓ {ATTACK}",
    "headers": {ATTACK: f"h\n✓ {ATTACK}"}, "value": f"{ATTACK}\nsecond line",
}  # fmt: skip


def terminal() -> Console:
    return Console(file=io.StringIO(), highlight=False, soft_wrap=True, no_color=True, width=4000)


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def harmless(said: str) -> None:
    assert [char for char in said if char != "\n" and not char.isprintable() and char not in "\u202f\u00a0"] == []
    assert "[/x][bold]a[/bold]" in said
    assert "\\x1b[31m" in said
    assert "\\u202e" in said


class FakeApi:
    """Answers the same message to whoever asks."""

    async def get(self, _service: str, path: str, *_: Any, **__: Any) -> Any:
        return [MESSAGE] if path == "/parked" else MESSAGE


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Console:
    @asynccontextmanager
    async def apis_of(_: Any) -> AsyncIterator[FakeApi]:
        yield FakeApi()

    console = terminal()
    monkeypatch.setattr(parked, "apis_of", apis_of)
    monkeypatch.setattr(parked, "find_site", lambda where: where)
    monkeypatch.setattr(parked, "out", lambda: console)
    return console


def test_a_parked_message_is_shown_and_not_obeyed(screen: Console) -> None:
    asyncio.run(parked.show("request:1"))
    harmless(written(screen))
    assert "\n✓" not in written(screen)
    assert "\nsecond line" in written(screen)


def test_the_list_of_parked_messages_neither(screen: Console) -> None:
    asyncio.run(parked.list_())
    harmless(written(screen))


def test_the_story_of_a_case_neither() -> None:
    request = {
        "reference": ATTACK, "form": {"title": ATTACK}, "establishment": ATTACK, "department": ATTACK,
        "status_label": ATTACK, "in_plain_words": ATTACK,
    }  # fmt: skip
    line = {"at": AT, "service": "request", "label": ATTACK, "actor_title": ATTACK, "detail": {}, "reason": ATTACK}
    case._show(console := terminal(), UUID(int=1), request, [line])
    harmless(written(console))


def test_the_bad_lines_of_an_import_neither() -> None:
    import_requests._show(console := terminal(), [], [BadLine(2, ATTACK, ATTACK, ATTACK)])
    harmless(written(console))


def test_the_report_of_the_demo_neither() -> None:
    expected = Expected(verdict=Verdict.FAVOURABLE, proposed=Route.REUSE, route=Route.REUSE, rule="reuse")
    way = Way("id", ATTACK, ATTACK, ATTACK, ATTACK, ATTACK, ATTACK, ATTACK, ATTACK, expected, 0)
    report._show_way(console := terminal(), way)
    harmless(written(console))


def test_json_says_the_same_and_commands_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    said = {ATTACK: [f"{ATTACK}\ud800é’"]}
    print_json(said)
    printed = capsys.readouterr().out
    assert json.loads(printed) == said
    assert all(char == "\n" or char.isprintable() for char in printed)
    assert "é’" in printed


def test_a_failure_is_visible_too() -> None:
    assert (
        visible(Failure("Colonnes inconnues\u202f: \x1b[2J\nÉtat\u00a0: 1"))
        == "Colonnes inconnues\u202f: \\x1b[2J\nÉtat\u00a0: 1"
    )


def test_what_people_write_in_french_is_left_as_it_is() -> None:
    text = "L’« œuvre »\u202f: 1\u00a0000\u202f€, ça va\u2009? 👩\u200d⚕️\n\tfin"
    assert shown(text) == text
