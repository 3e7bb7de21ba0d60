"""`convergence import FILE.csv`: requests in bulk; bad lines are reported, sending a file again changes nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from rich.console import Console

from convergence.files.csv_file import BadLine
from convergence.files.request_file import GoodLine, read_requests
from convergence.screen.bad_lines import show_bad_lines
from convergence.screen.console import err, out, print_json, shown
from convergence.site.addresses import HERE, AsJson, Site, Where, find_site
from convergence.site.api import Api, Refused, apis_of
from shared.program.registry import HOME

AT_ONCE = 16
PATIENCE = 60.0
"""Seconds that a service which is away is waited for."""


@dataclass(frozen=True)
class Sent:
    """A line that was accepted; `already`: it was a request before this run."""

    line: int
    reference: str
    case_id: str
    case_reference: str
    status: str
    already: bool


async def import_requests(file: Path, *, json: AsJson = False, where: Where = HERE) -> None:
    """Envoie les demandes d’un fichier CSV.

    Chaque mauvaise ligne est nommée avec sa raison, les bonnes sont envoyées par un compte de leur établissement.
    Le même fichier envoyé deux fois ne change rien. Code de sortie 1 s’il y a eu de mauvaises lignes.

    Parameters
    ----------
    file
        Fichier CSV (virgule ou point-virgule, UTF-8).
    """
    lines = read_requests(file)
    sent, refused = await _send_from_here(find_site(where), lines.good)
    bad = sorted((*lines.bad, *refused), key=lambda each: each.line)
    if json:
        print_json({"requests": [asdict(each) for each in sent], "bad": [asdict(each) for each in bad]})
    else:
        _show(out(), sent, bad)
    if bad:
        raise SystemExit(1)


async def _send_from_here(site: Site, lines: Sequence[GoodLine]) -> tuple[list[Sent], list[BadLine]]:
    console = err()
    async with apis_of(site, patience=PATIENCE, tell=lambda words: console.print(shown(words))) as api:
        return await send_all(api, lines)


async def send_all(api: Api, lines: Sequence[GoodLine]) -> tuple[list[Sent], list[BadLine]]:
    """Send these lines concurrently; answers those that are requests now and those that the service refused."""
    turn, accounts = asyncio.Semaphore(AT_ONCE), await _accounts(api)

    async def one(line: GoodLine) -> Sent | BadLine:
        async with turn:
            return await _send(api, accounts, line)

    results = await asyncio.gather(*[one(line) for line in lines])
    return [r for r in results if isinstance(r, Sent)], [r for r in results if isinstance(r, BadLine)]


async def _accounts(api: Api) -> dict[str, str]:
    """The account that sends for each establishment: the token's own, or a demo requester."""
    if api.site.token is not None:
        person = await api.get(HOME, "/me", "")
        return {person["establishment"]: person["id"]}
    listed = (await api.get(HOME, "/accounts", "auditor"))["accounts"]
    asking = [account for account in listed if account["person"]["roles"] == ["requester"]]
    return {account["person"]["establishment"]: account["account"] for account in asking}


async def _send(api: Api, accounts: dict[str, str], line: GoodLine) -> Sent | BadLine:
    account = accounts.get(line.establishment)
    if account is None:
        reason = "Aucun compte ne peut envoyer pour cet établissement."
        return BadLine(line.line, line.reference, "establishment", reason)
    try:
        made = await api.post("request", "/requests", account, line.body, key=_key(line))
    except Refused as refused:
        if refused.slug == "idempotency-key-reused":
            reason = "Cette référence est déjà enregistrée avec un autre contenu : donnez-en une nouvelle."
            return BadLine(line.line, line.reference, "reference", reason)
        column, reason = refused.errors[0] if refused.errors else ("", refused.detail)
        return BadLine(line.line, line.reference, column, reason)
    return Sent(line.line, line.reference, made["case_id"], made["reference"], made["status"], made["already"])


def _key(line: GoodLine) -> str:
    """The idempotency key of a line. Hashed, because a header takes no accents and has a limited length."""
    return f"import:{line.establishment}:{sha256(line.reference.encode()).hexdigest()}"


def _show(console: Console, sent: list[Sent], bad: list[BadLine]) -> None:
    show_bad_lines(console, bad)
    new = sum(not each.already for each in sent)
    refused = len({each.line for each in bad})
    console.print(f"{new} envoyées, {len(sent) - new} déjà enregistrées, {refused} refusées.")
