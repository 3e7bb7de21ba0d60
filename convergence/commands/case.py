"""`convergence case`: everything that happened to one case, across the services, in the order of time."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from cyclopts import Parameter
from rich.console import Console
from rich.padding import Padding

from convergence.screen.console import err, out, print_json, shown, shown_inline
from convergence.screen.failure import Failure
from convergence.screen.moments import clock, day
from convergence.screen.wording import figures, place
from convergence.site.addresses import HERE, NAMES, AsJson, Where, find_site
from convergence.site.api import Api, Away, Refused, apis_of
from shared.basics.french import typo
from shared.program.registry import SERVICES

READER = "auditor"
LONGEST_SEARCH = 200
"""Characters: the limit of the API."""


async def case(
    case_id: Annotated[str, Parameter(help="Identifiant du dossier, ou référence de la demande (D-2026-000147).")],
    *,
    json: AsJson = False,
    where: Where = HERE,
) -> None:
    """L’histoire d’un dossier : quand, qui, quoi, pourquoi, selon quelle règle."""
    async with apis_of(find_site(where)) as api:
        identity = await resolve(api, case_id)
        request, story, silent = await gathered(api, identity)
    if not story and not silent:
        raise Failure(f"Aucun service ne connaît le dossier {identity}.")
    if json:
        print_json({"case_id": str(identity), "request": request, "story": story, "unavailable": silent})
        return
    _show(out(), identity, request, story)
    for reason in silent.values():
        err().print(f"[yellow]![/] {shown(reason)} Ce qu’il sait du dossier manque ci-dessus.")


async def resolve(api: Api, text: str) -> UUID:
    """The case of an id or of a reference; raises `Failure` where no request has it."""
    try:
        return UUID(text)
    except ValueError:
        reference = text.strip().upper()
    page = await api.get("request", "/requests", READER, q=reference[:LONGEST_SEARCH])
    for one in page["requests"]:
        # The search also matches titles and short numbers: only the exact reference counts here.
        if one["reference"] == reference:
            return UUID(one["case_id"])
    raise Failure(f"Aucune demande n’a la référence « {text} ».")


async def gathered(api: Api, case_id: UUID) -> tuple[dict[str, Any] | None, list[dict[str, Any]], dict[str, str]]:
    """The request as it stands, the story in order, and the services that could not be asked, with why."""
    request, *stories = await asyncio.gather(
        _asked(api, "request", f"/requests/{case_id}"),
        *(_asked(api, service, f"/cases/{case_id}/story") for service in SERVICES),
    )
    silent = {service: found for service, found in zip(SERVICES, stories, strict=True) if isinstance(found, str)}
    lines = [line for found in stories if isinstance(found, list) for line in found]
    # Entries with the same time are ordered as a case passes through the services.
    lines.sort(key=lambda line: (line["at"], SERVICES.index(line["service"]), line["n"]))
    return (request if isinstance(request, dict) else None), lines, silent


async def _asked(api: Api, service: str, path: str) -> Any:
    """The answer; None where the service does not know the case; a sentence where it could not be asked."""
    try:
        return await api.get(service, path, READER)
    except Refused as refused:
        return None if refused.status == 404 else str(refused)
    except Away as away:
        return str(away)


def _show(console: Console, case_id: UUID, request: dict[str, Any] | None, story: list[dict[str, Any]]) -> None:
    if request is None:
        console.print(f"[bold]Dossier {case_id}[/]")
    else:
        console.print(f"[bold]{shown_inline(request['reference'])} {shown_inline(request['form']['title'])}[/]")
        console.print(
            f"{shown_inline(place(request['establishment']))}, {shown_inline(request['department'])} [dim]{case_id}[/]"
        )
        console.print(f"{shown(request['status_label'])} : {shown(request['in_plain_words'])}")
    today = ""
    for line in story:
        if day(line["at"]) != today:
            today = day(line["at"])
            console.print(f"\n[bold]{today}[/]")
        what = f"[bold]{shown_inline(line['label'])}[/] [dim]par[/] {shown_inline(line['actor_title'])}"
        console.print(f"  {clock(line['at'])}  [cyan]{NAMES[line['service']]:<12}[/] {what}")
        for told in filter(None, (figures(line["detail"]), line["reason"] and f"« {line['reason']} »")):
            console.print(Padding(shown(typo(told)), (0, 0, 0, 25)), soft_wrap=False)
