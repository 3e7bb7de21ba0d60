"""`convergence parked`: the parked messages of all services. An id reads `request:12`."""

import asyncio
from typing import Annotated, Any

from cyclopts import App, Parameter
from rich.table import Table

from convergence.screen.console import err, out, print_json, shown, shown_inline
from convergence.screen.failure import Failure
from convergence.screen.moments import when
from convergence.site.addresses import HERE, NAMES, AsJson, Where, find_site
from convergence.site.api import Api, Away, Refused, apis_of
from shared.basics.french import plural
from shared.program.registry import SERVICES

app = App(name="parked", help="Les messages écartés : ce qu’un service n’a pas pu lire ou appliquer, et pourquoi.")
READER, OPERATOR = "auditor", "operator"
PER_PAGE = 200
Id = Annotated[str, Parameter(help="Service et numéro, par exemple request:12.")]


@app.command(name="list")
async def list_(*, json: AsJson = False, where: Where = HERE) -> None:
    """Les messages qui attendent une décision, les plus anciens d’abord."""
    async with apis_of(find_site(where)) as api:
        found, silent = await every_parked(api)
    if json:
        print_json(found)
    elif found:
        table = Table("Message", "Écarté le", "Sujet", "Raison", box=None, title_justify="left")
        for one in found:
            place = shown_inline(f"{one['topic']} [{one['partition']}] n° {one['offset']}")
            held = " (retient le dossier)" if one["holds_case"] else ""
            table.add_row(one["id"], when(one["parked_at"]), place, shown(one["reason"]) + held)
        out().print(table)
    elif not silent:
        out().print("Aucun message écarté.")
    for reason in silent:
        err().print(f"[red]✗[/] {shown(reason)}")
    if silent:
        raise SystemExit(1)


@app.command
async def show(parked_id: Id, *, json: AsJson = False, where: Where = HERE) -> None:
    """Un message écarté, en entier."""
    service, number = _split(parked_id)
    async with apis_of(find_site(where)) as api:
        one = _named(service, await api.get(service, f"/parked/{number}", READER))
    if json:
        print_json(one)
        return
    console = out()
    console.print(f"[bold]{one['id']}[/] {shown(one['reason'])} [dim]({shown_inline(one['slug'])})[/]")
    place = f"sujet {one['topic']}, partition {one['partition']}, n° {one['offset']}, clé {one['key'] or 'aucune'}"
    console.print(f"  {shown_inline(place)}")
    console.print(f"  écarté le {when(one['parked_at'])} après {plural(one['attempts'], 'essai')}")
    if one["resolved_at"]:
        console.print(f"  réglé le {when(one['resolved_at'])} : {shown(one['resolution'] or '')}")
    for name, value in one["headers"].items():
        console.print(f"  [dim]{shown_inline(name)}[/] {shown_inline(value)}")
    console.print(shown(one["value"]) if one["value"] else "  (sans données)")


@app.command
async def replay(
    parked_id: Annotated[str | None, Parameter(help="Service et numéro, par exemple request:12.")] = None,
    *,
    everything: Annotated[bool, Parameter(name="--all", negative="", help="Tous, dans leur ordre.")] = False,
    where: Where = HERE,
) -> None:
    """Rejoue un message, ou tous ; code de sortie 1 si l’un d’eux échoue encore."""
    if (parked_id is None) is not everything:
        raise Failure("Donnez un message (request:12), ou --all pour tous.")
    async with apis_of(find_site(where)) as api:
        silent: list[str] = []
        if parked_id is None:
            found, silent = await every_parked(api)
            chosen = [_split(one["id"]) for one in found]
        else:
            chosen = [_split(parked_id)]
        failed = [await _replay(api, service, number) for service, number in chosen].count(False)
    if everything and not chosen and not silent:
        out().print("Aucun message écarté.")
    for reason in silent:
        err().print(f"[red]✗[/] {shown(reason)}")
    if failed or silent:
        raise SystemExit(1)


@app.command
async def dismiss(
    parked_id: Id,
    *,
    reason: Annotated[str, Parameter(help="Pourquoi ce message ne doit jamais prendre effet.")],
    where: Where = HERE,
) -> None:
    """Écarte un message pour de bon, avec la raison."""
    service, number = _split(parked_id)
    async with apis_of(find_site(where)) as api:
        await api.post(service, f"/parked/{number}/dismissal", OPERATOR, {"reason": reason})
    out().print(f"[green]✓[/] {service}:{number} est écarté ; la raison est gardée.")


async def every_parked(api: Api) -> tuple[list[dict[str, Any]], list[str]]:
    """The waiting messages of every service that answers, and why the others could not be asked."""
    answers = await asyncio.gather(*(_of(api, service) for service in SERVICES), return_exceptions=True)
    found: list[dict[str, Any]] = []
    silent: list[str] = []
    for answer in answers:
        if isinstance(answer, (Away, Refused)):
            silent.append(str(answer))
        elif isinstance(answer, BaseException):
            raise answer
        else:
            found += answer
    return found, silent


async def _of(api: Api, service: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = 0
    while True:
        page = await api.get(service, "/parked", READER, after=after, limit=PER_PAGE)
        found += [_named(service, one) for one in page]
        if len(page) < PER_PAGE:
            return found
        after = page[-1]["parked_id"]


def _named(service: str, one: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"{service}:{one['parked_id']}", "service": service, **one}


async def _replay(api: Api, service: str, number: int) -> bool:
    try:
        await api.post(service, f"/parked/{number}/replay", OPERATOR)
    except Refused as refused:
        out().print(f"[red]✗[/] {service}:{number} {shown(refused.detail)}")
        return False
    out().print(f"[green]✓[/] {service}:{number} a pris effet.")
    return True


def _split(parked_id: str) -> tuple[str, int]:
    service, _, number = parked_id.partition(":")
    if service not in SERVICES or not number.isdecimal():
        known = ", ".join(f"{one} ({NAMES[one]})" for one in SERVICES)
        raise Failure(f"« {parked_id} » n’est pas un message : écrivez service:numéro, le service étant {known}.")
    return service, int(number)
