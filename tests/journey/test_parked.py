"""A message that nobody can use, as an operator meets it on the command line."""

import json
import time

import pytest

from shared.contracts.events.reviews import TOPIC
from tests.helpers.broker import run_apart, send_garbage
from tests.helpers.site import RunningSite
from tests.journey.commands import convergence


@pytest.fixture(scope="module")
def parked(site: RunningSite) -> list[dict[str, str]]:
    """Random bytes, read and parked by both readers of the topic."""
    run_apart(send_garbage(site.kafka, TOPIC))
    deadline = time.monotonic() + 60
    while True:
        found: list[dict[str, str]] = json.loads(convergence(site, "parked", "list", "--json").out)
        if len(found) == 2:
            return found
        assert time.monotonic() < deadline, found


def test_it_is_listed_with_its_reason(site: RunningSite, parked: list[dict[str, str]]) -> None:
    assert {one["service"] for one in parked} == {"request", "purchasing"}
    shown = convergence(site, "parked", "list")
    assert shown.code == 0
    assert "CloudEvents" in shown.out
    detail = convergence(site, "parked", "show", parked[0]["id"])
    assert f"sujet {TOPIC}" in detail.out


def test_replaying_it_fails_with_the_reason(site: RunningSite, parked: list[dict[str, str]]) -> None:
    replayed = convergence(site, "parked", "replay", "--all")
    assert replayed.code == 1
    assert replayed.out.count("✗") == 2


def test_dismissing_it_takes_it_off_the_list(site: RunningSite, parked: list[dict[str, str]]) -> None:
    for one in parked:
        dismissed = convergence(site, "parked", "dismiss", one["id"], "--reason", "Essai d’un lecteur inconnu.")
        assert dismissed.code == 0, dismissed.err
    assert convergence(site, "parked", "list", "--json").json == []


def test_what_is_not_a_message_is_said(site: RunningSite) -> None:
    ended = convergence(site, "parked", "show", "nowhere:12")
    assert ended.code == 1
    assert "écrivez service:numéro" in ended.err
