"""`convergence trail verify`: whether the chains of decisions still hold in every service."""

import asyncio
from dataclasses import asdict, dataclass, field
from typing import Any

from cyclopts import App

from convergence.screen.console import out, print_json, shown
from convergence.site.addresses import HERE, NAMES, AsJson, Where, find_site
from convergence.site.api import Api, Away, Refused, apis_of
from shared.basics.french import plural
from shared.program.registry import SERVICES

app = App(name="trail", help="La piste des décisions : chaque entrée est chaînée à la précédente par son empreinte.")
PER_PAGE = 1000


@dataclass
class Verified:
    """What one service says of its trail; `unavailable`: why it could not be asked."""

    service: str
    cases: int = 0
    entries: int = 0
    breaks: list[dict[str, Any]] = field(default_factory=list)
    unavailable: str | None = None

    @property
    def holds(self) -> bool:
        return not self.breaks and self.unavailable is None


@app.command
async def verify(*, json: AsJson = False, where: Where = HERE) -> None:
    """Vérifie la piste de tous les dossiers ; code de sortie 1 si une chaîne est rompue ou un service muet."""
    async with apis_of(find_site(where)) as api:
        found = await asyncio.gather(*(verified(api, service) for service in SERVICES))
    if json:
        print_json({"holds": all(one.holds for one in found), "services": [asdict(one) for one in found]})
    else:
        for one in found:
            _show(one)
    if not all(one.holds for one in found):
        raise SystemExit(1)


async def verified(api: Api, service: str) -> Verified:
    """All pages of the verification of one service."""
    done, after = Verified(service), None
    try:
        while True:
            page = await api.get(service, "/trail/verification", "auditor", after=after, limit=PER_PAGE)
            done.cases += page["checked"]
            done.entries += page["entries"]
            done.breaks += page["breaks"]
            after = page["next"]
            if after is None:
                return done
    except (Away, Refused) as reason:
        done.unavailable = str(reason)
        return done


def _show(one: Verified) -> None:
    console, name = out(), NAMES[one.service]
    if one.unavailable is not None:
        console.print(f"[red]✗[/] {name:<12} {shown(one.unavailable)}")
        return
    counted = f"{plural(one.cases, 'dossier')}, {plural(one.entries, 'entrée')}"
    if not one.breaks:
        console.print(f"[green]✓[/] {name:<12} {counted} : la piste est intacte")
        return
    console.print(f"[red]✗[/] {name:<12} {counted} : {plural(len(one.breaks), 'rupture')}")
    for each in one.breaks:
        place = f"entrée {shown(each['n'])}" if each["n"] else "piste entière"
        console.print(f"    dossier {shown(each['case_id'])}, {place} : {shown(_WHY.get(each['why'], each['why']))}")


_WHY = {
    "an entry is missing": "une entrée manque",
    "the text is not the one that was hashed": "le texte n’est pas celui qui a été scellé",
    "the entry belongs elsewhere": "l’entrée vient d’un autre endroit",
    "the end of the chain is missing": "la fin de la chaîne manque",
    "the trail has no case": "la piste n’appartient à aucun dossier",
}
