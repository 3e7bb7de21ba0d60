"""What an author does by API with a request that exists."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, delete, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from pydantic import BaseModel, ConfigDict

from services.request.actions.answer_question import AnswerQuestion, answer_question
from services.request.actions.attach_file import attach_file
from services.request.actions.detach_file import detach_file
from services.request.actions.edit_draft import edit_draft
from services.request.actions.submit_request import submit_request
from services.request.actions.withdraw_request import WithdrawRequest, withdraw_request
from services.request.api.create import RequestCreated, created_answer
from services.request.api.shapes import CaseView
from services.request.api.views import case_view
from services.request.model.files import LARGEST
from services.request.model.form import RequestForm
from services.request.store.reads import case_of
from shared.basics import clock
from shared.contracts.need import AttachedFile
from shared.database.postgres import reading
from shared.identity.person import Person, Role
from shared.program.running import running_of
from shared.web.api.bodies import answer, documented, read_body
from shared.web.http.access import api_person, require

AnyRequest = Request[Any, Any, Any]


class Upload(BaseModel):
    """A form with one file."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: UploadFile


async def _case(request: AnyRequest, person: Person, case_id: UUID, status: int = 200) -> Response[bytes]:
    async with reading(running_of(request).pool, person.scope) as db:
        return answer(case_view(await case_of(db, person, case_id), person, clock.now()), status)


@put("/requests/{case_id:uuid}", summary="Save a draft", tags=["Requests"],
     opt=documented(body=RequestForm, returns=CaseView))  # fmt: skip
async def api_edit(request: AnyRequest, case_id: FromPath[UUID]) -> Response[bytes]:
    """The body takes the place of the whole form; it may lack anything until it is sent."""
    person = api_person(request)
    form = await read_body(request, RequestForm)
    await edit_draft(running_of(request), person, case_id, form, clock.now())
    return await _case(request, person, case_id)


@post("/requests/{case_id:uuid}/submission", status_code=200, summary="Send a draft", tags=["Requests"],
      opt=documented(returns=RequestCreated))  # fmt: skip
async def api_submit(request: AnyRequest, case_id: FromPath[UUID]) -> Response[bytes]:
    """Without a body. 422 names what the form lacks; a request that is sent already answers 200 again."""
    person = api_person(request)
    sent = await submit_request(running_of(request), person, case_id, clock.now())
    return created_answer(sent, 200)


@post("/requests/{case_id:uuid}/withdrawal", status_code=200, summary="Withdraw a request", tags=["Requests"],
      opt=documented(body=WithdrawRequest, returns=CaseView))  # fmt: skip
async def api_withdraw(request: AnyRequest, case_id: FromPath[UUID]) -> Response[bytes]:
    """Every service stops working on the case. Refused (409) once the case is decided."""
    person = api_person(request)
    command = await read_body(request, WithdrawRequest)
    await withdraw_request(running_of(request), person, case_id, command, clock.now())
    return await _case(request, person, case_id)


@post("/requests/{case_id:uuid}/answers", status_code=200, summary="Answer a reviewer's question",
      tags=["Requests"], opt=documented(body=AnswerQuestion, returns=CaseView))  # fmt: skip
async def api_answer(request: AnyRequest, case_id: FromPath[UUID]) -> Response[bytes]:
    """The clock of the check runs again."""
    person = api_person(request)
    command = await read_body(request, AnswerQuestion)
    await answer_question(running_of(request), person, case_id, command, clock.now())
    return await _case(request, person, case_id)


@post("/requests/{case_id:uuid}/attachments", status_code=201, summary="Join a file to a draft",
      tags=["Requests"], request_max_body_size=LARGEST + 100_000, guards=[require(*Role)],
      opt=documented(returns=AttachedFile, form=True))  # fmt: skip
async def api_attach(
    request: AnyRequest,
    case_id: FromPath[UUID],
    data: Annotated[Upload, Body(media_type=RequestEncodingType.MULTI_PART)],
) -> Response[bytes]:
    """Multipart, field `file`: PDF, image, office document or text, 10 MB at most, 10 files a request."""
    person = api_person(request)
    content = await data.file.read(LARGEST + 1)
    kept = await attach_file(running_of(request), person, case_id, data.file.filename, content, clock.now())
    return answer(kept, 201)


@delete("/requests/{case_id:uuid}/attachments/{attachment_id:uuid}", status_code=204,
        summary="Take a file away from a draft", tags=["Requests"])  # fmt: skip
async def api_detach(request: AnyRequest, case_id: FromPath[UUID], attachment_id: FromPath[UUID]) -> None:
    """Gone, also the second time."""
    person = api_person(request)
    await detach_file(running_of(request), person, case_id, attachment_id, clock.now())
