"""What happens to one case: who asks for what, what is opined, bought, withdrawn. Drawn by seed, then lived."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from convergence.scenario import cast
from faults.people import GaveUp, People, Refused
from shared.identity.demo import ESTABLISHMENTS, REVIEWER_OF

DOMAINS = ("dossier-patient", "bloc-operatoire", "urgences", "laboratoire", "imagerie-ris")
ACCOUNTS = (
    *(account(finess) for finess in ESTABLISHMENTS for account in (cast.requester, cast.contact)),
    *REVIEWER_OF.values(),
    cast.BUYER,
    cast.AUDITOR,
)
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Life:
    """One case as it will be lived. `withdraws`: never, at once, or while the review goes on.

    `question`, `unfavourable` and `conditions` say to which of the review's checks it happens, if to any: from 0 for its
    first to 1 for its last.
    """

    number: int
    account: str
    key: str
    form: Body
    double_click: bool
    withdraws: str
    question: float | None
    unfavourable: float | None
    conditions: float | None
    qualifications: tuple[Body, ...]
    override: bool
    replies: Mapping[str, str]


def draw(seed: int, number: int) -> Life:
    """The life of one case of a seed."""
    random = Random(f"life {seed} {number}")  # noqa: S311 -- repeatable, not secret
    form = {
        "kind": random.choice(("new", "new", "extension", "retirement")),
        "title": f"Logiciel {seed}-{number}",
        "description": "Nous travaillons sur un tableau partagé que deux personnes ne peuvent pas ouvrir.",
        "domain": random.choice(DOMAINS),
        "users": random.randint(1, 400),
        "sites": "3 sites",
        "data": random.choice(("none", "none", "personal", "health")),
        "care_stops": False,
        "estimated_amount_cents": random.choice((None, 900_000, 30_000_000)),
    }
    costs = [
        {
            "term_years": random.randint(1, 6),
            "bought": {"licences_cents": random.randint(1, 900) * 100_000, "maintenance_per_year_cents": 500_000},
            "retained": "bought",
            "exclusive_rights": "no",
            "agreement": "none",
            "note": "Les accords-cadres connus n’ont pas été relus pour ce besoin.",
        }
        for _ in range(random.choice((1, 1, 2)))
    ]
    return Life(
        number=number,
        account=cast.requester(random.choice(tuple(ESTABLISHMENTS))),
        key=f"key-{seed}-{number}",
        form=form,
        double_click=random.random() < 0.15,
        withdraws=random.choices(("never", "at once", "in review"), (80, 10, 10))[0],
        question=random.random() if random.random() < 0.25 else None,
        unfavourable=random.random() if random.random() < 0.12 else None,
        conditions=random.random() if random.random() < 0.2 else None,
        # The same qualification twice changes nothing, and stands in the trail once.
        qualifications=tuple(cost for place, cost in enumerate(costs) if cost not in costs[:place]),
        override=random.random() < 0.1,
        replies={finess: random.choice(("joining", "not_joining")) for finess in ESTABLISHMENTS},
    )


async def live(life: Life, people: People) -> str:
    """Live it to its end; answers how it ended."""
    try:
        return await _Case(life, people).live()
    except GaveUp as nobody:
        return f"gave up: {nobody}"


class _Case:
    def __init__(self, life: Life, people: People) -> None:
        self._life = life
        self._people = people
        self._id = ""

    async def live(self) -> str:
        life = self._life
        clicks = [self._submit() for _ in range(2 if life.double_click else 1)]
        self._id = (await asyncio.gather(*clicks))[0]["case_id"]
        if life.withdraws == "at once":
            return await self._withdraw()
        review = await self._people.comes("review", f"/reviews/{self._id}", cast.AUDITOR)
        kinds = [check["kind"] for check in review["checks"]]
        acts: list[Coroutine[Any, Any, Any]] = [self._check(kind, kinds) for kind in kinds]
        if life.withdraws == "in review":
            acts.append(self._withdraw())
        await asyncio.gather(*acts)
        if life.withdraws == "in review":
            return "withdrawn"
        return await self._buy()

    async def _buy(self) -> str:
        if self._life.unfavourable is not None:
            await self._seen(("refused",))
            return "refused"
        purchase = await self._people.comes(
            "purchasing", f"/purchases/{self._id}", cast.BUYER, lambda now: now["state"] != "closed"
        )
        for number, costs in enumerate(self._life.qualifications):
            body = costs | {"revision": purchase["revision"]}
            qualified = await self._act("qualify", str(number), self._purchasing("qualification"), cast.BUYER, body)
            purchase = qualified or purchase
        route = {"route": purchase["proposal"]["route"]}
        if self._life.override and route["route"] != "own_tender":
            route = {"route": "own_tender", "reason": "Le marché du GHT est trop loin : décision de la direction."}
        purchase = await self._act("decide", "", self._purchasing("decision"), cast.BUYER, route)
        if not purchase:
            return "no route"
        if purchase["state"] == "census":
            members = [member["establishment"] for member in purchase["census"]["members"]]
            await asyncio.gather(*(self._reply(finess) for finess in members))
        await self._seen(("routed",))
        return "routed"

    async def _submit(self) -> Body:
        life = self._life
        where = ("POST", "request", "/requests")
        return await self._people.command("submit", "", life.key, where, life.account, life.form, key=life.key)

    async def _withdraw(self) -> str:
        body = {"reason": "Le besoin a disparu."}
        await self._act("withdraw", "", ("POST", "request", self._request("withdrawal")), self._life.account, body)
        return "withdrawn"

    async def _check(self, kind: str, kinds: Sequence[str]) -> None:
        def happens(where: float | None) -> bool:
            return where is not None and kind == kinds[int(where * len(kinds))]

        account, path = REVIEWER_OF[kind], f"/reviews/{self._id}/checks/{kind}"
        if happens(self._life.question):
            text = {"question": "Combien de postes seront équipés ?"}
            asking = self._act("ask", kind, ("POST", "review", f"{path}/questions"), account, text)
            await asyncio.gather(asking, self._answer(kind))
        opinion: Body = {"opinion": "favourable", "checklist": "all_met", "comment": "Dossier relu avec l’éditeur."}
        if happens(self._life.unfavourable):
            opinion = {"opinion": "unfavourable", "comment": "L’éditeur refuse l’accès par le bastion."}
        elif happens(self._life.conditions):
            opinion |= {"opinion": "favourable_with_conditions", "conditions": ["Livrer le mode dégradé."]}
        await self._act("opine", kind, ("POST", "review", f"{path}/opinion"), account, opinion)

    async def _answer(self, kind: str) -> None:
        """The requester, who answers as soon as the question is on the page."""
        if self._life.withdraws != "never":
            return
        found = await self._people.comes(
            "request",
            f"/requests/{self._id}",
            self._life.account,
            lambda now: any(q["check"] == kind and q["open"] for q in now["questions"]),
        )
        question = next(q for q in found["questions"] if q["check"] == kind and q["open"])
        body = {"question_id": question["question_id"], "answer": "Quarante-six postes."}
        where = ("POST", "request", self._request("answers"))
        await self._act("answer", question["question_id"], where, self._life.account, body)

    async def _reply(self, finess: str) -> None:
        where = ("PUT", "purchasing", f"/censuses/{self._id}/answer")
        account, body = cast.contact(finess), {"answer": self._life.replies[finess]}
        await self._act("reply", finess, where, account, body)

    async def _seen(self, ends: tuple[str, ...]) -> None:
        """The requester reads how it ended."""
        page = await self._people.comes(
            "request", self._request(""), self._life.account, lambda now: now["status"] in ends
        )
        self._people.ledger.write("seen", "status", self._id, heard={"status": page["status"]})

    async def _act(self, act: str, of: str, where: tuple[str, str, str], account: str, body: Body) -> Body:
        """A command; a refusal is in the ledger, and for the checker to judge."""
        try:
            return await self._people.command(act, self._id, of, where, account, body)
        except Refused:
            return {}

    def _request(self, what: str) -> str:
        return f"/requests/{self._id}/{what}".rstrip("/")

    def _purchasing(self, what: str) -> tuple[str, str, str]:
        return ("POST", "purchasing", f"/purchases/{self._id}/{what}")
