"""Whatever a stranger sends, the API answers in problem details and in French, and never with a fault of its own."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from shared.program.registry import SERVICES
from tests.helpers.servers import Database
from tests.hostile.cases import written
from tests.hostile.corpus import BODIES, IN_ADDRESS, spoilt, text_of, valid
from tests.hostile.sites import Site, by, sites_at_work, token
from tests.integration.request_service import NEED

FAULT = re.compile(r"Traceback|asyncpg|psycopg|pydantic|File \"")
ACCOUNTS = (
    "requester-chu", "rssi", "coordinator", "buyer", "contact-roanne", "reviewer-functional", "reviewer-infrastructure",
    "reviewer-skills", "dpo", "operator",
)  # fmt: skip
Sites = dict[str, Site]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sites(create_database: Callable[[str], Database]) -> AsyncIterator[Sites]:
    async with sites_at_work(create_database) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def case(sites: Sites) -> str:
    """A case of the CHU, known to the three services: written, under review, and approved."""
    return await written(sites, "requester-chu", {**NEED, "data": "personal"})


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def foreign(sites: Sites) -> str:
    """A case of Firminy."""
    return await written(sites, "requester-firminy", NEED)


def operations(site: Site, *methods: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of what the OpenAPI document offers."""
    for path, offered in site.document["paths"].items():
        for method in methods:
            if method in offered:
                yield method, path, offered[method]


def address(path: str, case_id: str) -> str:
    """The path with everything filled in."""
    return (
        path.replace("{case_id}", case_id)
        .replace("{kind}", "security")
        .replace("{parked_id}", "1")
        .replace("{attachment_id}", case_id)
        .replace("{absence_id}", case_id)
        .replace("{agreement_id}", "49dbbcd4-f46f-5e32-904b-968dd9641dad")
    )


async def able(site: Site, method: str, path: str) -> dict[str, str]:
    """Headers of somebody who gets past the question of who they are."""
    for account in ACCOUNTS:
        answer = await site.client.request(method, path, content=b"{", headers=by(account))
        if answer.status_code not in (401, 403):
            return by(account)
    return by("requester-chu")


def well_answered(answer: httpx.Response, what: object) -> None:
    """Understood, or refused in French with problem details."""
    assert answer.status_code < 500, (what, answer.text[:300])
    if answer.status_code < 400:
        return
    assert answer.headers["content-type"] == "application/problem+json", (what, answer.text[:300])
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["slug"]
    assert problem["detail"].endswith((".", "?", "!")), (what, problem)
    assert not FAULT.search(answer.text), (what, answer.text[:300])
    assert len(answer.content) < 100_000, (what, "the answer repeats what was sent")
    for error in problem["errors"]:
        assert error["message"], (what, problem)


@pytest.mark.parametrize("name", SERVICES)
async def test_every_field_of_every_body_withstands_every_hostile_value(sites: Sites, case: str, name: str) -> None:
    site, sent = sites[name], 0
    for method, path, operation in operations(site, "post", "put"):
        described = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if described is None:
            continue
        where = address(path, case)
        headers = await able(site, method, where)
        body = valid(described["schema"], site.document["components"]["schemas"])
        for field, bad in spoilt(body):
            answer = await site.client.request(
                method, where, content=text_of(bad), headers={**headers, "content-type": "application/json"}
            )
            well_answered(answer, (method, path, field, repr(bad)[:200]))
            sent += 1
    assert sent > 500


@pytest.mark.parametrize("name", SERVICES)
async def test_a_body_that_is_no_json_or_too_much_of_it_is_refused_with_a_sentence(
    sites: Sites, case: str, name: str
) -> None:
    site = sites[name]
    for method, path, operation in operations(site, "post", "put"):
        where = address(path, case)
        headers = await able(site, method, where)
        for body, kind in BODIES:
            answer = await site.client.request(method, where, content=body, headers={**headers, "content-type": kind})
            well_answered(answer, (method, path, body[:40], kind))
            if "requestBody" in operation and kind == "application/json":
                assert 400 <= answer.status_code < 500, (method, path, body[:40])


@pytest.mark.parametrize("name", SERVICES)
async def test_every_path_and_query_parameter_withstands_every_hostile_value(
    sites: Sites, case: str, name: str
) -> None:
    site = sites[name]
    for method, path, operation in operations(site, "get", "post", "put", "delete"):
        headers = await able(site, method, address(path, case))
        for parameter in operation.get("parameters", []):
            for bad in IN_ADDRESS:
                if parameter["in"] == "path":
                    where = address(path.replace("{" + parameter["name"] + "}", bad), case)
                elif parameter["in"] == "query":
                    where = f"{address(path, case)}?{parameter['name']}={bad}"
                else:
                    continue
                answer = await site.client.request(method, where, headers=headers)
                well_answered(answer, (method, where[:200]))


@pytest.mark.parametrize("name", SERVICES)
async def test_without_a_valid_token_nothing_is_answered(sites: Sites, case: str, name: str) -> None:
    site, good = sites[name], token("auditor")
    header, claims, signature = good.split(".")
    bad = (
        "", "Bearer", "Bearer ", f"Basic {good}", f"Bearer {token('auditor', -5)}", f"Bearer {header}.{claims}.",
        f"Bearer {header}.{claims[:-2]}AA.{signature}", f"Bearer eyJhbGciOiJub25lIn0.{claims}.", "Bearer \xe9\xff",
        "Bearer " + "x" * 20_000,
    )  # fmt: skip
    for method, path, operation in operations(site, "get", "post", "put", "delete"):
        if operation.get("security") == []:
            continue
        for value in bad:
            headers = [(b"authorization", value.encode("latin-1")), (b"content-type", b"application/json")]
            answer = await site.client.request(method, address(path, case), content=b"{}", headers=headers)
            assert answer.status_code == 401, (method, path, value[:60], answer.text)
            assert answer.headers["www-authenticate"].startswith("Bearer")
            well_answered(answer, (method, path, value[:60]))


@pytest.mark.parametrize("name", SERVICES)
async def test_nobody_reads_or_changes_a_case_of_another_establishment(sites: Sites, foreign: str, name: str) -> None:
    site = sites[name]
    schemas = site.document["components"]["schemas"]
    for method, path, operation in operations(site, "get", "post", "put", "delete"):
        if "{case_id}" not in path:
            continue
        described = operation.get("requestBody", {}).get("content", {}).get("application/json")
        body = text_of(valid(described["schema"], schemas)) if described else b""
        for account in (
            "requester-forez",
            "reviewer-functional-roanne",
            "contact-roanne",
            "referent-roanne",
            "requester-gier",
        ):
            answer = await site.client.request(method, address(path, foreign), content=body, headers=by(account))
            assert answer.status_code in (403, 404, 422, 400), (account, method, path, answer.text[:200])
            well_answered(answer, (account, method, path))
