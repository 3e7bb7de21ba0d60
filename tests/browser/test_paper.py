"""A printed decision is a document: what was decided and why, without what only a screen needs."""

import pytest

from tests.browser.conftest import Look
from tests.browser.shown import Shown

DECISIONS = (
    Shown("buyer", "purchasing", "/achats/dossiers/{routed}"),
    Shown("coordinator", "review", "/instruction/dossiers/{routed}"),
    Shown("requester-roanne", "request", "/demandes/{routed}"),
)


@pytest.mark.parametrize("shown", DECISIONS, ids=str)
def test_a_decision_prints_without_its_screen(look: Look, shown: Shown) -> None:
    agent = look(shown)
    agent.page.emulate_media(media="print", color_scheme="dark")
    for gone in ("header.site", "footer.site", "nav.filters", ".button", "form textarea"):
        assert not any(one.is_visible() for one in agent.page.locator(gone).all()), gone
    assert agent.page.locator("h1").is_visible()
    assert "mode dégradé" in agent.main()
    dark = agent.page.evaluate("getComputedStyle(document.querySelector('main')).color")
    assert _is_dark(dark), "ink on paper, whatever the screen's colours"
    assert agent.page.pdf(format="A4").startswith(b"%PDF")


def _is_dark(colour: str) -> bool:
    red, green, blue = (int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
    return red + green + blue < 200
