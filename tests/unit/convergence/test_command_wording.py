"""The command line speaks French: every decision that a service keeps in its trail has words."""

import re
from pathlib import Path

from convergence.screen.wording import ACTIONS, figures

SERVICES = Path(__file__).parents[3] / "services"
KEPT = re.compile(r'(?:\bTrailEntry|_trail)\(\s*"([a-z_]+)"|\baction = "([a-z]+_[a-z_]+)" if .* else "([a-z_]+)"')


def test_every_decision_of_the_trail_has_words() -> None:
    found = {
        slug
        for file in SERVICES.rglob("*.py")
        for slugs in KEPT.findall(file.read_text(encoding="utf-8"))
        for slug in slugs
        if slug
    }
    assert len(found) > 20
    assert found <= set(ACTIONS), sorted(found - set(ACTIONS))


def test_figures_are_said_in_french_and_empty_ones_are_not() -> None:
    detail = {"route": "own_tender", "rule": "own-tender", "amount_cents": 21600000, "joined": [], "agreement_id": None}
    assert figures(detail) == "Appel d’offres de l’établissement ; règle own-tender ; 216\u202f000\u202f€ HT"


def test_figures_that_are_not_known_are_left_out() -> None:
    assert figures({"something_new": 3}) == ""
