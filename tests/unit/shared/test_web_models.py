"""Bodies and answers by Litestar's own annotations: pydantic reads and writes them, refusals are ours."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

import pytest
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody, PathParameter
from litestar.testing import TestClient
from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.basics.texts import READABLE
from shared.identity.demo import DEMO_ACCOUNTS
from shared.identity.tokens import Tokens
from shared.program.settings import SiteSettings
from shared.web.api.bodies import LARGEST
from shared.web.api.openapi import PUBLIC
from shared.web.app import create_app
from shared.web.http.access import SignedIn

SECRET = "s" * 40
WRITTEN: dict[str, Any] = {"text": "é\nà", "on": "2026-11-27", "parts": [{"n": 1}, {"n": 2}]}


class Part(BaseModel):
    n: int


class Note(BaseModel):
    """A note."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [WRITTEN]})

    text: Annotated[str, Field(min_length=1, max_length=20), READABLE]
    on: date
    parts: tuple[Part, ...] = ()
    users: int | None = Field(default=None, ge=0)
    """Litestar's own schema of a pydantic model leaves its minimum out."""

    @model_validator(mode="after")
    def _not_alone(self) -> "Note":
        if self.users == 13:
            raise ValueError("Treize, c’est trop.")
        return self


class Kept(BaseModel):
    """What was kept."""

    id: UUID
    at: datetime
    note: Note
    none: None = None


@dataclass
class Uploaded:
    file: UploadFile


KEPT = Kept(id=UUID(int=7), at=datetime(2026, 11, 3, 8, 12, tzinfo=UTC), note=Note.model_validate(WRITTEN))


@post("/notes", summary="Keep a note", tags=["Notes"])
async def keep(person: SignedIn, data: JSONBody[Note]) -> Kept:
    return KEPT.model_copy(update={"note": data})


@post("/notes/{n:int}", status_code=200)
async def keep_at(n: Annotated[int, PathParameter(ge=1)], data: JSONBody[Note]) -> Response[Kept]:
    return Response(KEPT, headers={"ETag": f'"{n}"'})


@get("/notes", security=PUBLIC)
async def notes() -> list[Kept]:
    return [KEPT, KEPT]


@get("/notes/{n:int}")
async def note(n: FromPath[int]) -> Kept | None:
    return None if n else KEPT


@post("/files")
async def upload(data: Annotated[Uploaded, Body(media_type=RequestEncodingType.MULTI_PART)]) -> Kept:
    return KEPT


def site() -> Any:
    settings = SiteSettings.model_validate({"mode": "local", "kafka": "k:1", "session_secret": SECRET})
    return create_app("request", settings, api=[keep, keep_at, notes, note, upload])


TOKEN = Tokens(SECRET).issue(DEMO_ACCOUNTS["buyer"].person, 3600).token


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Any]]:
    with TestClient(site(), raise_server_exceptions=False) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield client


def test_a_body_is_read_and_an_answer_written_by_pydantic(client: TestClient[Any]) -> None:
    answered = client.post("/demandes/api/notes", json=WRITTEN)
    assert answered.status_code == 201
    assert answered.headers["content-type"] == "application/json"
    assert answered.content == KEPT.model_dump_json().encode()


def test_an_answer_may_bring_its_headers_be_a_list_or_nothing(client: TestClient[Any]) -> None:
    assert client.post("/demandes/api/notes/3", json=WRITTEN).headers["etag"] == '"3"'
    assert client.get("/demandes/api/notes").json() == [KEPT.model_dump(mode="json")] * 2
    assert client.get("/demandes/api/notes/0").content == KEPT.model_dump_json().encode()
    assert client.get("/demandes/api/notes/1").content == b"null"


BAD: dict[str, tuple[bytes, dict[str, str]]] = {
    "two fields": (b'{"users": "x"}', {
        "text": "Cette information est attendue\u202f: complétez-la.",
        "on": "Cette information est attendue\u202f: complétez-la.",
        "users": "Écrivez un nombre entier, par exemple 46.",
    }),
    "a part of a part": (b'{"text": "a", "on": "2026-11-27", "parts": [{"n": 1}, {}]}',
                         {"parts.1.n": "Cette information est attendue\u202f: complétez-la."}),
    "a field that it does not know": (b'{"text": "a", "on": "2026-11-27", "x": 1}',
                                      {"x": "Ce champ n’est pas attendu ici\u202f: retirez-le."}),
    "a rule of the model": (b'{"text": "a", "on": "2026-11-27", "users": 13}', {"": "Treize, c’est trop."}),
    "NUL": (b'{"text": "a\\u0000", "on": "2026-11-27"}', {
        "text": "Ce texte contient un caractère invisible\u202f: effacez-le, puis récrivez le passage."}),
    "half of a surrogate pair": (b'{"text": "\\ud800", "on": "2026-11-27"}',
                                 {"": "Le corps de la requête n’est pas du JSON lisible."}),
    "not UTF-8": (b'{"text": "\xe9", "on": "2026-11-27"}', {"": "Le corps de la requête n’est pas du JSON lisible."}),
    "not JSON": (b"{", {"": "Le corps de la requête n’est pas du JSON lisible."}),
    "a list": (b"[]", {"": "Un objet JSON est attendu."}),
    "null": (b"null", {"": "Un objet JSON est attendu."}),
    "nothing": (b"", {"": "Un objet JSON est attendu."}),
}  # fmt: skip


@pytest.mark.parametrize(("body", "errors"), BAD.values(), ids=BAD)
def test_a_body_that_does_not_fit_is_told_field_by_field(
    client: TestClient[Any], body: bytes, errors: dict[str, str]
) -> None:
    refused = client.post("/demandes/api/notes", content=body)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["slug"] == "invalid"
    assert {error["field"]: error["message"] for error in refused.json()["errors"]} == errors


def test_an_address_that_does_not_fit_is_told_where_the_body_does(client: TestClient[Any]) -> None:
    refused = client.post("/demandes/api/notes/0", json=WRITTEN)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["n"]


def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(client: TestClient[Any]) -> None:
    whole = client.post("/demandes/api/notes", content=b"x" * (LARGEST + 1))
    in_parts = client.post("/demandes/api/notes", content=iter([b"x" * LARGEST, b"x"]))
    assert [(r.status_code, r.json()["slug"]) for r in (whole, in_parts)] == [(413, "too-large")] * 2


def test_a_stranger_is_told_to_sign_in_before_the_body_is_looked_at(client: TestClient[Any]) -> None:
    assert client.post("/demandes/api/notes", content=b"{", headers={"Authorization": ""}).status_code == 401


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_what_calls_itself_something_else_is_read_as_json_all_the_same(client: TestClient[Any], kind: str) -> None:
    assert client.post("/demandes/api/notes", json=WRITTEN, headers={"Content-Type": kind}).status_code == 201


def test_a_form_that_nothing_can_read_is_refused(client: TestClient[Any]) -> None:
    fine = client.post("/demandes/api/files", files={"file": b"x"})
    assert fine.status_code == 201
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xe9\r\n--x--\r\n'
    assert client.post("/demandes/api/files", content=part, headers=kind).json()["slug"] == "unreadable-form"


def test_a_caller_who_leaves_before_the_end_is_no_fault_of_ours() -> None:
    sent: list[Any] = []
    scope: Any = {
        "type": "http", "method": "POST", "path": "/demandes/api/notes", "raw_path": b"/demandes/api/notes",
        "query_string": b"", "headers": [(b"host", b"localhost"), (b"authorization", f"Bearer {TOKEN}".encode())],
        "server": ("localhost", 80), "client": ("localhost", 1), "scheme": "http", "http_version": "1.1", "root_path": "",
        "state": {},
    }  # fmt: skip
    arriving = iter([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(arriving)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(site()(scope, receive, send))
    assert sent[0]["status"] == 400
    assert b'"disconnected"' in sent[1]["body"]


def test_the_document_describes_bodies_and_answers_as_pydantic_does(client: TestClient[Any]) -> None:
    document = client.get("/demandes/openapi.json").json()
    schemas = document["components"]["schemas"]
    kept = document["paths"]["/demandes/api/notes"]["post"]
    assert kept["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Note"}
    assert kept["responses"]["201"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Kept"}
    assert schemas["Note"]["examples"] == [WRITTEN]
    assert schemas["Note"]["additionalProperties"] is False
    assert schemas["Note"]["properties"]["users"]["anyOf"][0] == {"type": "integer", "minimum": 0}
    assert set(kept["responses"]) == {"201", "401", "403", "409", "413", "422", "default"}
    assert "security" not in kept
    listed = document["paths"]["/demandes/api/notes"]["get"]
    assert listed["security"] == []
    assert set(listed["responses"]) == {"200", "default"}
    several = listed["responses"]["200"]["content"]["application/json"]["schema"]
    assert several == {"type": "array", "items": {"$ref": "#/components/schemas/Kept"}}
    assert "multipart/form-data" in document["paths"]["/demandes/api/files"]["post"]["requestBody"]["content"]
