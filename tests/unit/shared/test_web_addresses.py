"""Addresses that nobody was given: they are not found, and keep nobody from signing in."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from litestar import get
from litestar.testing import TestClient

from shared.program.settings import SiteSettings
from shared.web.app import create_app
from shared.web.http.access import SignedIn
from shared.web.pages.page import Page
from shared.web.pages.templating import static_version

FILES = f"/demandes/static/{static_version()}"


@get("/liste")
async def page(person: SignedIn) -> Page:
    return Page("home.html", {"person": person, "shortcuts": []})


@pytest.fixture
def client() -> Iterator[TestClient[Any]]:
    settings = SiteSettings.model_validate({"mode": "local", "kafka": "k:1", "session_secret": "s" * 40})
    with TestClient(create_app("request", settings, pages=[page]), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "/tokens.css/x",
        "/" + "x" * 5000,
        "/fonts",
        "/fonts/",
        "/",
        "",
        "/..%2F..%2Fapp.py",
        "/%ED%A0%80",
        "/tokens.css%5Cx",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_static_file_that_is_none_is_not_found(client: TestClient[Any], method: str, path: str) -> None:
    assert client.request(method, FILES + path).status_code == 404


def test_static_files_are_found_in_folders_too(client: TestClient[Any]) -> None:
    for path in ("/tokens.css", "/fonts/LICENSE-OFL.txt"):
        assert client.get(FILES + path).status_code == 200


@pytest.mark.parametrize("length", [10, 3000, 30_000])
def test_one_can_sign_in_however_long_the_address_was(client: TestClient[Any], length: int) -> None:
    there = f"/liste?q={'x' * length}"
    to_sign_in = client.get(there, follow_redirects=False)
    assert to_sign_in.status_code == 303
    form = client.get(to_sign_in.headers["location"])
    assert form.status_code == 200
    back = re.search(r'name="next" value="([^"]*)"', form.text)
    token = re.search(r'name="_csrf_token" value="([^"]+)"', form.text)
    assert back
    assert token
    sent = {"_csrf_token": token[1], "account": "buyer", "next": back[1]}
    landed = client.post("/connexion", data=sent, follow_redirects=False)
    assert (landed.status_code, landed.headers["location"]) == (303, there if length < 2000 else "/")
    assert client.get("/liste").status_code == 200


@pytest.mark.parametrize("back", ["/😀", "/é?q=œuvre", "/x&next=/y"])
def test_one_can_sign_in_wherever_next_leads(client: TestClient[Any], back: str) -> None:
    asked = quote(back, safe="/&=")
    form = client.get(f"/connexion?next={asked}")
    assert form.status_code == 200
    token = re.search(r'name="_csrf_token" value="([^"]+)"', form.text)
    assert token
    sent = {"_csrf_token": token[1], "account": "buyer", "next": back}
    assert client.post("/connexion", data=sent, follow_redirects=False).status_code == 303
