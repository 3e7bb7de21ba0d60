"""The OpenAPI documents of the three services: a stranger needs nothing else. Built without servers."""

from collections.abc import Iterator
from typing import Any, cast

import orjson
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from shared.program.registry import HOME, SERVICES
from shared.program.running import Running
from shared.program.service import web_app
from shared.program.settings import ServiceSettings
from shared.web.api.openapi import document
from tests.hostile.sites import SECRET, assemblies

UNUSED = cast("Any", None)
"""Nobody asks these applications anything: they need neither a database nor Kafka."""
CHANGES = ("post", "put", "patch", "delete")
SESSIONS = {"GET /demandes/api/accounts", "POST /demandes/api/sessions"}
PROBLEM = {"$ref": "#/components/schemas/Problem"}


@pytest.fixture(scope="module")
def documents() -> dict[str, dict[str, Any]]:
    return {name: _document(name) for name in SERVICES}


def _document(name: str) -> dict[str, Any]:
    built: dict[str, Any] = orjson.loads(document(_app(name)))
    return built


def _app(name: str) -> Any:
    settings = ServiceSettings.model_validate(
        {"service": name, "mode": "local", "kafka": "127.0.0.1:1", "session_secret": SECRET, "database": "-", "port": 1}
    )
    running = Running(assemblies()[name], settings, UNUSED, UNUSED, UNUSED, UNUSED, UNUSED, UNUSED)
    return web_app(running)


def test_exactly_three_operations_run_ahead_of_litestar() -> None:
    """A fourth needs a figure first, see ADR 0013."""
    found = {
        f"{method} {operation.template}"
        for name in SERVICES
        for method, operations in _app(name).asgi_handler._operations.items()
        for operation in operations
    }
    assert found == {
        "POST /demandes/api/requests",
        "POST /instruction/api/reviews/{case_id}/checks/{kind}/opinion",
        "GET /instruction/api/reviews",
    }


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, offered in document["paths"].items():
        for method, operation in offered.items():
            yield f"{method.upper()} {path}", operation


@pytest.mark.parametrize("name", SERVICES)
def test_the_document_is_valid_openapi_3_1(documents: dict[str, dict[str, Any]], name: str) -> None:
    assert documents[name]["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(documents[name]).validate()


@pytest.mark.parametrize("name", SERVICES)
def test_it_says_how_to_get_a_token_and_where_to_put_it(documents: dict[str, dict[str, Any]], name: str) -> None:
    document = documents[name]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert document["security"] == [{"bearer": []}]
    assert "POST /demandes/api/sessions" in document["info"]["description"]
    public = {where for where, operation in operations(document) if operation.get("security") == []}
    assert public == (SESSIONS | {"GET /demandes/api/domains"} if name == HOME else set()), public


@pytest.mark.parametrize("name", SERVICES)
def test_every_operation_says_what_it_does(documents: dict[str, dict[str, Any]], name: str) -> None:
    ids = [operation["operationId"] for _, operation in operations(documents[name])]
    assert len(ids) == len(set(ids))
    for where, operation in operations(documents[name]):
        summary = operation["summary"]
        assert " " in summary, f"{where}: « {summary} » is a function's name, not a sentence"
        assert operation.get("description"), f"{where} has no description"
        assert operation.get("tags"), f"{where} stands under no heading"


@pytest.mark.parametrize("name", SERVICES)
def test_every_answer_is_described_and_every_refusal_is_problem_details(
    documents: dict[str, dict[str, Any]], name: str
) -> None:
    for where, operation in operations(documents[name]):
        answers = operation["responses"]
        assert any(code.startswith("2") for code in answers), where
        for code, answer in answers.items():
            assert answer["description"], (where, code)
            if not code.startswith("2"):
                assert answer["content"]["application/problem+json"]["schema"] == PROBLEM, (where, code)
            elif code != "204" and "attachments/{attachment_id}" not in where:
                assert answer["content"]["application/json"]["schema"], (where, code)


@pytest.mark.parametrize("name", SERVICES)
def test_the_refusals_that_can_occur_are_announced(documents: dict[str, dict[str, Any]], name: str) -> None:
    for where, operation in operations(documents[name]):
        announced = set(operation["responses"])
        if operation.get("security") != []:
            assert {"401", "403"} <= announced, where
            if where.startswith(tuple(method.upper() for method in CHANGES)):
                assert {"409", "422"} <= announced, where
        if "{" in where:
            assert "404" in announced, where
        if "requestBody" in operation:
            assert "422" in announced, where


@pytest.mark.parametrize("name", SERVICES)
def test_every_body_has_a_schema_whose_fields_have_a_type(documents: dict[str, dict[str, Any]], name: str) -> None:
    schemas = documents[name]["components"]["schemas"]
    for where, operation in operations(documents[name]):
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            schema = content["schema"]
            described = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
            assert described["properties"], (where, media_type)
            for field, said in described["properties"].items():
                assert said.keys() & {"type", "$ref", "anyOf", "oneOf", "allOf", "enum", "const"}, (where, field)
