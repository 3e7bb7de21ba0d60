"""The command line speaks French: every decision that a service keeps in its trail has words there."""

import re
from importlib import import_module

import pytest

from convergence.screen.wording import figures
from deploy.local.settings import ROOT
from shared.program.registry import SERVICES

KEPT = re.compile(r'(?:\bTrailEntry|_trail)\(\s*"([a-z_]+)"|\baction = "([a-z]+_[a-z_]+)" if .* else "([a-z_]+)"')


@pytest.mark.parametrize("service", SERVICES)
def test_every_decision_of_the_trail_has_words(service: str) -> None:
    words = getattr(import_module(f"services.{service}.words"), "TRAIL_WORDS", None)
    if words is None:
        pytest.skip(f"services/{service}/words.py has no TRAIL_WORDS yet")
    code = [file.read_text(encoding="utf-8") for file in (ROOT / "services" / service).rglob("*.py")]
    kept = {slug for text in code for slugs in KEPT.findall(text) for slug in slugs if slug}
    assert kept, "no decision is kept any more, or it is written another way: then look for that"
    assert kept <= set(words), f"add to TRAIL_WORDS of services/{service}/words.py: {sorted(kept - set(words))}"
    assert any("trail_words=TRAIL_WORDS" in text for text in code), f"services/{service}/service.py does not tell them"


def test_figures_are_said_in_french_and_empty_ones_are_not() -> None:
    detail = {"route": "own_tender", "rule": "own-tender", "amount_cents": 21600000, "joined": [], "agreement_id": None}
    assert figures(detail) == "Appel d’offres de l’établissement ; règle own-tender ; 216\u202f000\u202f€ HT"


def test_figures_that_are_not_known_are_left_out() -> None:
    assert figures({"something_new": 3}) == ""
