"""Attachments over HTTP: what may join a draft, and how it is given back."""

from collections.abc import AsyncIterator

import pytest

from tests.helpers.servers import Database
from tests.integration.request_service import NEED, Service, at_work

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
async def service(request_database: Database) -> AsyncIterator[Service]:
    async with at_work(request_database) as running:
        yield running


async def draft(service: Service) -> str:
    return await service.create(submit=False)


async def test_a_file_travels_with_the_need_and_is_given_back_as_a_download(service: Service) -> None:
    case_id, by = await draft(service), service.by("requester-chu")
    path = f"/demandes/api/requests/{case_id}/attachments"
    kept = await service.client.post(path, files={"file": ("../../Cahier des besoins.pdf", PDF)}, headers=by)
    assert kept.status_code == 201, kept.text
    assert kept.json()["name"] == "Cahier des besoins.pdf"
    assert kept.json()["media_type"] == "application/pdf"
    await service.client.post(f"/demandes/api/requests/{case_id}/submission", headers=by)
    assert (await service.case(case_id))["attachments"] == [kept.json()]
    given = await service.client.get(f"{path}/{kept.json()['attachment_id']}", headers=by)
    assert given.content == PDF
    assert given.headers["content-disposition"].startswith("attachment;")
    assert given.headers["x-content-type-options"] == "nosniff"
    late = await service.client.post(path, files={"file": ("b.pdf", PDF)}, headers=by)
    assert late.status_code == 409


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<html>"),
        ("faux.pdf", b"<html><script>alert(1)</script>"),
        ("vide.pdf", b""),
        ("image.png", PDF),
        ("texte.txt", b"\x00\x01"),
    ],
)
async def test_a_file_that_is_not_what_it_says_is_refused(service: Service, name: str, content: bytes) -> None:
    case_id = await draft(service)
    answer = await service.client.post(
        f"/demandes/api/requests/{case_id}/attachments",
        files={"file": (name, content)},
        headers=service.by("requester-chu"),
    )
    assert answer.status_code == 422, answer.text


async def test_a_file_over_ten_megabytes_is_refused(service: Service) -> None:
    case_id = await draft(service)
    answer = await service.client.post(
        f"/demandes/api/requests/{case_id}/attachments",
        files={"file": ("gros.pdf", PDF + bytes(10_000_000))},
        headers=service.by("requester-chu"),
    )
    assert answer.status_code in (413, 422)


async def test_a_file_may_be_taken_away_from_a_draft(service: Service) -> None:
    case_id, by = await draft(service), service.by("requester-chu")
    path = f"/demandes/api/requests/{case_id}/attachments"
    kept = await service.client.post(path, files={"file": ("a.pdf", PDF)}, headers=by)
    for _ in range(2):
        gone = await service.client.delete(f"{path}/{kept.json()['attachment_id']}", headers=by)
        assert gone.status_code == 204
    assert (await service.case(case_id))["attachments"] == []
    assert (await service.client.get(f"{path}/{kept.json()['attachment_id']}", headers=by)).status_code == 404


async def test_a_file_sent_again_is_the_same_file(service: Service) -> None:
    case_id, by = await draft(service), service.by("requester-chu")
    path = f"/demandes/api/requests/{case_id}/attachments"
    sent = [await service.client.post(path, files={"file": ("a.pdf", PDF)}, headers=by) for _ in range(2)]
    assert sent[0].json() == sent[1].json()
    await service.client.delete(f"{path}/{sent[0].json()['attachment_id']}", headers=by)
    await service.client.post(path, files={"file": ("a.pdf", PDF)}, headers=by)
    kept = (await service.case(case_id))["attachments"]
    assert kept == [sent[0].json()]
    assert (await service.client.get(f"{path}/{kept[0]['attachment_id']}", headers=by)).content == PDF


async def test_ten_files_at_most(service: Service) -> None:
    case_id, by = await draft(service), service.by("requester-chu")
    path = f"/demandes/api/requests/{case_id}/attachments"
    answers = [
        (await service.client.post(path, files={"file": (f"{n}.pdf", PDF)}, headers=by)).status_code for n in range(11)
    ]
    assert answers == [201] * 10 + [422]
    assert NEED["title"] == (await service.case(case_id))["form"]["title"]
