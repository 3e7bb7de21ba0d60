"""The shell, through HTTP: sessions, CSRF, problem details, headers, the OpenAPI document."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from litestar import Response, get, post
from litestar.params import JSONBody
from litestar.testing import TestClient
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel

from shared.basics.errors import Refusal
from shared.identity.person import Role
from shared.program.settings import SiteSettings
from shared.web.app import create_app
from shared.web.http.access import SESSION_COOKIE, SignedIn, require
from shared.web.pages.page import Page, see_other
from shared.web.sign_in import DemoSignInOutsideLocalMode

SECRET = "s" * 40


class Wish(BaseModel):
    """A wish."""

    text: str
    users: int


class TooLate(Refusal):
    slug: ClassVar[str] = "too-late"
    public = "Trop tard : rechargez la page."


@post("/wishes")
async def wish(person: SignedIn, data: JSONBody[Wish]) -> Response[Wish]:
    return Response(data, headers={"Location": "/demandes/api/wishes/1"})


@get("/late", guards=[require(Role.BUYER)])
async def late_api() -> None:
    raise TooLate


@get("/tard")
async def late_page(person: SignedIn) -> Page:
    raise TooLate


@get("/casse")
async def broken() -> None:
    raise ZeroDivisionError("the secret detail")


@post("/fait", status_code=303)
async def done(person: SignedIn) -> Any:
    return see_other("/", "C’est <b>fait</b>.")


def settings(**changes: Any) -> SiteSettings:
    return SiteSettings(**{"mode": "local", "kafka": "k:1", "session_secret": SECRET, **changes})


@pytest.fixture
def client() -> Iterator[TestClient[Any]]:
    app = create_app("request", settings(), pages=[late_page, broken, done], api=[wish, late_api])
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def bearer(client: TestClient[Any], account: str = "buyer") -> dict[str, str]:
    opened = client.post("/demandes/api/sessions", json={"account": account})
    return {"Authorization": f"Bearer {opened.json()['token']}"}


def csrf(client: TestClient[Any], path: str = "/connexion") -> str:
    found = re.search(r'name="_csrf_token" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def sign_in(client: TestClient[Any], account: str, back: str = "/") -> Any:
    form = {"_csrf_token": csrf(client), "account": account, "next": back}
    return client.post("/connexion", data=form, follow_redirects=False)


def test_demo_accounts_do_not_start_outside_local_mode() -> None:
    with pytest.raises(DemoSignInOutsideLocalMode, match="CONVERGENCE_MODE=local"):
        create_app("request", settings(mode="production"))


def test_a_program_signs_in_and_learns_who_it_is(client: TestClient[Any]) -> None:
    me = client.get("/demandes/api/me", headers=bearer(client, "requester-roanne")).json()
    assert (me["id"], me["establishments"]) == ("requester-roanne", ["420780033"])
    assert len(client.get("/demandes/api/accounts").json()["accounts"]) >= 20


def test_the_api_ignores_the_cookie(client: TestClient[Any]) -> None:
    assert sign_in(client, "buyer").cookies[SESSION_COOKIE]
    refused = client.get("/demandes/api/me")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer é"])
def test_a_bad_authorization_is_answered_401(client: TestClient[Any], value: str) -> None:
    assert client.get("/demandes/api/me", headers={b"Authorization": value.encode("latin-1")}).status_code == 401


def test_a_refusal_is_problem_details_for_programs(client: TestClient[Any]) -> None:
    problem = client.get("/demandes/api/late", headers=bearer(client)).json()
    assert problem["type"].endswith("too-late")
    assert (problem["status"], problem["slug"], problem["errors"]) == (409, "too-late", [])
    assert problem["detail"] == "Trop tard\u202f: rechargez la page."


def test_a_role_guard_answers_403(client: TestClient[Any]) -> None:
    assert client.get("/demandes/api/late", headers=bearer(client, "rssi")).json()["slug"] == "forbidden"


def test_a_body_that_does_not_fit_names_its_fields(client: TestClient[Any]) -> None:
    refused = client.post("/demandes/api/wishes", json={"users": "x"}, headers=bearer(client))
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["text", "users"]


def test_an_answer_is_json_with_its_headers(client: TestClient[Any]) -> None:
    made = client.post("/demandes/api/wishes", json={"text": "é", "users": 1}, headers=bearer(client))
    assert (made.status_code, made.json()) == (201, {"text": "é", "users": 1})
    assert made.headers["location"] == "/demandes/api/wishes/1"
    assert made.headers["content-type"] == "application/json"
    assert made.headers["cache-control"] == "no-store"


def test_a_body_that_is_too_large_is_refused(client: TestClient[Any]) -> None:
    refused = client.post("/demandes/api/wishes", content=b"x" * 1_000_001, headers=bearer(client))
    assert refused.status_code == 413
    assert refused.json()["slug"] == "too-large"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/demandes/api/nothing", 404), ("DELETE", "/demandes/api/me", 405)]
)
def test_unknown_calls_are_problem_details_too(client: TestClient[Any], method: str, path: str, status: int) -> None:
    refused = client.request(method, path)
    assert (refused.status_code, refused.json()["status"]) == (status, status)


def test_a_fault_of_ours_shows_a_reference_and_no_detail(client: TestClient[Any]) -> None:
    failed = client.get("/casse", headers={"X-Correlation-Id": "0199d1f4-0000-7000-8000-000000000000"})
    assert failed.status_code == 500
    assert "0199d1f4-0000-7000-8000-000000000000" in failed.text
    assert "secret detail" not in failed.text
    assert "ZeroDivision" not in failed.text


def test_a_page_without_session_leads_to_sign_in_and_back(client: TestClient[Any]) -> None:
    redirect = client.get("/tard?page=2", follow_redirects=False)
    assert redirect.status_code == 303
    assert redirect.headers["location"] == "/connexion?next=%2Ftard%3Fpage%3D2"
    assert sign_in(client, "rssi", "/tard?page=2").headers["location"] == "/tard?page=2"


def test_sign_in_does_not_lead_to_another_site(client: TestClient[Any]) -> None:
    assert sign_in(client, "rssi", "//ailleurs.example/").headers["location"] == "/"


def test_an_htmx_request_without_session_leaves_the_page(client: TestClient[Any]) -> None:
    answered = client.get("/tard", headers={"HX-Request": "true"})
    assert answered.status_code == 401
    assert answered.headers["hx-redirect"].startswith("/connexion")


def test_a_refusal_is_a_french_page_for_people(client: TestClient[Any]) -> None:
    sign_in(client, "rssi")
    page = client.get("/tard")
    assert page.status_code == 409
    assert "<title>Erreur" in page.text
    assert "Trop tard\u202f: rechargez la page." in page.text
    assert page.text.count("<h1") == 1


@pytest.mark.parametrize("token", [None, "x", "0" * 128])
def test_a_form_posted_from_elsewhere_is_refused(client: TestClient[Any], token: str | None) -> None:
    sign_in(client, "buyer")
    refused = client.post("/fait", data={"_csrf_token": token} if token else {}, follow_redirects=False)
    assert refused.status_code == 403
    assert "rechargez-la" in refused.text


def test_a_message_is_shown_once_and_escaped(client: TestClient[Any]) -> None:
    sign_in(client, "buyer")
    after = client.post("/fait", data={"_csrf_token": csrf(client)}, follow_redirects=False)
    assert after.status_code == 303
    assert "C’est &lt;b&gt;fait&lt;/b&gt;." in client.get("/").text
    assert "fait&lt;" not in client.get("/").text


def test_signing_out_closes_the_session(client: TestClient[Any]) -> None:
    sign_in(client, "buyer")
    client.post("/deconnexion", data={"_csrf_token": csrf(client)})
    assert client.get("/", follow_redirects=False).status_code == 303


def test_the_menu_shows_what_the_person_can_do(client: TestClient[Any]) -> None:
    sign_in(client, "requester-forez")
    page = client.get("/").text
    assert ">Mes demandes</a>" in page
    assert ">Achats</a>" not in page


def test_cookies_are_closed_to_scripts_and_secure_over_https() -> None:
    app = create_app("request", settings(request_url="https://convergence.exemple.fr"))
    with TestClient(app, base_url="https://convergence.exemple.fr") as client:
        cookie = sign_in(client, "buyer").headers["set-cookie"].lower()
    for attribute in ("httponly", "secure", "samesite=lax", "path=/"):
        assert attribute in cookie


def test_pages_forbid_inline_scripts_styles_and_frames(client: TestClient[Any]) -> None:
    page = client.get("/connexion")
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert " style=" not in page.text
    assert "<style" not in page.text


def test_static_files_are_kept_for_ever_under_the_address_of_their_content(client: TestClient[Any]) -> None:
    address = re.search(r'href="(/demandes/static/[0-9a-f]{12}/base.css)"', client.get("/connexion").text)
    assert address
    sheet = client.get(address[1])
    assert sheet.status_code == 200
    assert "immutable" in sheet.headers["cache-control"]


def test_every_vendored_file_comes_with_its_licence() -> None:
    static = Path(__file__).parents[3] / "shared/web/pages/static"
    assert (static / "fonts/LICENSE-OFL.txt").read_text().count("SIL Open Font License")
    assert {file.name for file in (static / "vendor").glob("LICENSE*")} == {
        "LICENSE-htmx.txt",
        "LICENSE-htmx-ext-sse.txt",
    }


def test_the_openapi_document_is_valid_and_enough_for_a_stranger(client: TestClient[Any]) -> None:
    document = client.get("/demandes/openapi.json").json()
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1")
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    opening = document["paths"]["/demandes/api/sessions"]["post"]
    assert opening["security"] == []
    assert opening["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/OpenSession")
    wishes = document["paths"]["/demandes/api/wishes"]["post"]
    assert wishes["responses"]["201"]["content"]["application/json"]["schema"]["$ref"].endswith("/Wish")
    assert "application/problem+json" in wishes["responses"]["default"]["content"]
    assert all(path.startswith("/demandes/api/") for path in document["paths"])
