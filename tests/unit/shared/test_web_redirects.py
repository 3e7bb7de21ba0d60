"""After sign-in one lands on this site, wherever `next` points to."""

import pytest

from shared.program.settings import SiteSettings
from shared.web.http.redirects import safe_next

SETTINGS = SiteSettings(mode="local", kafka="k:1", session_secret="s" * 40, review_url="https://revue.exemple.fr")


@pytest.mark.parametrize(
    "target",
    ["/", "/demandes/1?page=2#bas", "https://revue.exemple.fr/instruction", "http://127.0.0.1:8001/demandes"],
)
def test_our_own_addresses_are_followed(target: str) -> None:
    assert safe_next(target, SETTINGS) == target


@pytest.mark.parametrize(
    "target",
    [
        None, "", "demandes", "//ailleurs.example", "///ailleurs.example", "/\\ailleurs.example",
        "\\\\ailleurs.example",
        "https://ailleurs.example/", "https://revue.exemple.fr.ailleurs.example/", "http://revue.exemple.fr/",
        "https://revue.exemple.fr@ailleurs.example/", "https://moi@revue.exemple.fr/", "https://revue.exemple.fr:444/",
        "javascript:alert(1)", "data:text/html,x", "/a\r\nset-cookie: x=1", "\t//ailleurs.example", "http://[",
        "https:ailleurs.example", "https:/x",
    ],
)  # fmt: skip
def test_other_addresses_lead_home(target: str | None) -> None:
    assert safe_next(target, SETTINGS) == "/"
