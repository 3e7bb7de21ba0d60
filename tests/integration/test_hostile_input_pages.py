"""Whatever is typed into the pages' own forms, they answer with a page, escaped, and never with a fault."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
import pytest_asyncio

from shared.program.registry import HOME, SERVICES
from shared.program.service import web_app
from tests.helpers.servers import Database
from tests.hostile.cases import written
from tests.hostile.corpus import RENDERED, SCRIPT, TEMPLATE, TEXTS
from tests.hostile.forms import TOKEN, HtmlForm, forms_of
from tests.hostile.sites import Site, by, sites_at_work, token
from tests.integration.request_service import NEED

Sites = dict[str, Site]
PEOPLE: dict[str, tuple[str, ...]] = {
    "request": ("requester-chu", "operator"),
    "review": ("rssi", "coordinator", "operator"),
    "purchasing": ("buyer", "contact-roanne", "operator"),
}
START: dict[str, tuple[str, ...]] = {
    "request": ("/connexion", "/demandes", "/demandes/nouvelle", "/demandes/{case}", "/demandes/{case}/retrait"),
    "review": (
        "/instruction",
        "/instruction/security",
        "/instruction/dossiers/{case}/security",
        "/instruction/absences",
    ),
    "purchasing": ("/achats", "/achats/dossiers/{case}", "/achats/accords/nouveau", "/achats/recensements"),
}
TYPED = (SCRIPT, *[text for text in TEXTS if len(text) < 10_000], "A" * 60_000)
MOST_PAGES, FIRST_FIELDS = 25, 2


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sites(create_database: Callable[[str], Database]) -> AsyncIterator[Sites]:
    async with sites_at_work(create_database) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def case(sites: Sites) -> str:
    """A case whose every text is hostile and well-formed, known to the three services."""
    hostile = dict.fromkeys(
        ("title", "description", "sites", "replaces", "known_products"), f"{SCRIPT}{TEMPLATE}\u202e\"'>"
    )
    draft = {**NEED, **hostile, "submit": False}
    kept = await sites["request"].client.post("/demandes/api/requests", json=draft, headers=by("requester-chu"))
    assert kept.status_code == 201
    return await written(sites, "requester-chu", {**NEED, **hostile})


async def post(site: Site, path: str, typed: Mapping[str, str | bytes]) -> httpx.Response:
    """The form as a browser sends it, byte for byte: given as `data`, bytes would go as Python writes them, b'…'."""
    body = urlencode(typed).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return await site.client.post(path, content=body, headers=headers)


def escaped(page: httpx.Response, what: object) -> None:
    assert page.status_code < 500, (what, page.text[:300])
    assert "<script>alert" not in page.text, (what, "a script of a stranger would run")
    assert RENDERED not in page.text, (what, "a template of a stranger was rendered")
    assert "Traceback" not in page.text


async def crawl(site: Site, account: str, case: str) -> tuple[list[HtmlForm], int]:
    """The forms of the pages that this person reaches, one per address; each page is looked at."""
    site.client.cookies.set("convergence_session", token(account))
    waiting = [start.replace("{case}", case) for start in START[site.name]]
    seen: set[str] = set()
    forms: dict[str, HtmlForm] = {}
    while waiting and len(seen) < MOST_PAGES:
        page = waiting.pop(0)
        if page in seen:
            continue
        seen.add(page)
        answer = await site.client.get(page, follow_redirects=True)
        escaped(answer, (account, page))
        if answer.status_code != 200 or "html" not in answer.headers["content-type"]:
            continue
        found, links = forms_of(page, answer.text)
        for form in found:
            forms.setdefault(re.sub(r"[0-9a-f-]{36}", "{id}", form.action), form)
        waiting += [link for link in links if link.startswith("/") and not link.startswith(("//", "/static"))]
    return list(forms.values()), len(seen)


@pytest.mark.parametrize("name", SERVICES)
async def test_every_form_withstands_every_hostile_text_in_every_field(sites: Sites, case: str, name: str) -> None:
    site, sent = sites[name], 0
    for account in PEOPLE[name]:
        forms, pages = await crawl(site, account, case)
        assert pages > 2
        for form in forms:
            path = urlsplit(form.action).path
            if path in ("/deconnexion", "/connexion"):
                continue
            for place, field in enumerate(name for name in form.fields if name != TOKEN):
                # Fields of one form are read alike: the first ones get everything, the others a part.
                for text in TYPED if place < FIRST_FIELDS else TYPED[place % 7 :: 7]:
                    typed: dict[str, str | bytes] = {**form.fields, field: text.encode("utf-8", "surrogatepass")}
                    typed[TOKEN] = site.client.cookies.get("convergence_csrf") or ""
                    answer = await post(site, path, typed)
                    escaped(answer, (account, path, field, text[:40]))
                    assert "html" in answer.headers.get("content-type", "html") or answer.status_code in (204, 303)
                    sent += 1
    assert sent > 100


@pytest.mark.parametrize("name", SERVICES)
async def test_a_form_without_its_token_changes_nothing(sites: Sites, case: str, name: str) -> None:
    site = sites[name]
    account = PEOPLE[name][0]
    forms, _ = await crawl(site, account, case)
    # The layout's sign-out form leads to the home service from every other one.
    own = [form for form in forms if name == HOME or urlsplit(form.action).path != "/deconnexion"]
    for form in own:
        for wrong in ({}, {TOKEN: "x" * 128}, {TOKEN: "\x00"}):
            answer = await post(site, urlsplit(form.action).path, {**form.fields, TOKEN: "", **wrong})
            assert answer.status_code == 403, (form.action, answer.text[:200])
            assert "Traceback" not in answer.text


async def test_a_form_that_no_page_of_ours_sends_is_refused_before_it_is_taken_apart(sites: Sites) -> None:
    # Signing in is the only form that a stranger may send.
    part = b'--b\r\nContent-Disposition: form-data; name="account"%b\r\n\r\n%b\r\n--b--\r\n'
    refused = (
        (b"0=&" * 300_000, "application/x-www-form-urlencoded"),
        (part % (b"", b"caf\xe9"), "multipart/form-data; boundary=b"),
        (part % (b"\r\nContent-Type: text/plain; charset=nope", b"x"), "multipart/form-data; boundary=b"),
    )
    app: Any = web_app(sites[HOME].running)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as stranger:
        for body, kind in refused:
            answer = await stranger.post("/connexion", content=body, headers={"content-type": kind})
            assert answer.status_code == 403, answer.text[:200]
        await stranger.get("/connexion")
        for body, kind in refused:
            answer = await stranger.post("/connexion", content=body, headers={"content-type": kind})
            assert answer.status_code == 400, answer.text[:200]
        heavy = b"0=" + b"x" * 1_100_000
        answer = await stranger.post("/connexion", content=heavy, headers={"content-type": refused[0][1]})
        assert answer.status_code == 413, answer.text[:200]


async def test_what_was_written_is_read_back_as_it_was_by_the_api(sites: Sites, case: str) -> None:
    answer = await sites["request"].client.get(f"/demandes/api/requests/{case}", headers=by("requester-chu"))
    assert f'"title":"{SCRIPT}' in answer.text
