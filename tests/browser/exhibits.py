"""Cases at every stage, made over the API, so that each page has something to show."""

from datetime import timedelta
from typing import Any

from shared.basics import clock
from shared.contracts.events.reviews import TOPIC
from shared.identity.demo import REVIEWER_OF
from tests.helpers.broker import run_apart, send_garbage
from tests.helpers.site import RunningSite
from tests.journey.people import People

NEED: dict[str, Any] = {
    "kind": "replacement",
    "title": "Voir les lits disponibles : jour et nuit",
    "description": "Chaque matin nous appelons quinze services ; à midi, le tableau est déjà faux !\nQui le tient à jour ?",
    "domain": "gestion-lits",
    "replaces": "Des appels téléphoniques",
    "users": 1140,
    "sites": "Site principal",
    "data": "health",
    "care_stops": True,
    "max_downtime_hours": 4,
    "urgency": "high",
    "urgency_reason": "Patients sur des brancards aux urgences",
}
COSTS: dict[str, Any] = {
    "term_years": 5,
    "bought": {"licences_cents": 6_400_000, "maintenance_per_year_cents": 1_340_000},
    "rented": {"subscription_per_year_cents": 2_440_000},
    "retained": "bought",
    "exclusive_rights": "no",
}
CONDITION = "Livrer la procédure de mode dégradé avant la mise en service."


class Exhibits:
    """Makes the cases; `names` says which case id stands for which stage."""

    def __init__(self, site: RunningSite, people: People) -> None:
        self._site, self._people = site, people
        self.names: dict[str, str] = {}

    def make(self) -> dict[str, str]:
        """All of them, and what else a page needs: an absence, an agreement, a parked message."""
        self._requests()
        self._purchases()
        self._others()
        return self.names

    def _requests(self) -> None:
        self._submit("draft", submit=False)
        begun = self._people.do(
            "requester-roanne",
            "request",
            "/demandes/api/requests",
            {"kind": "renewal", "submit": False},
            key="exhibit-begun",
        )
        self.names["begun"] = str(begun["case_id"])
        self._submit("fresh", urgency="critical")
        asked = self._submit("asked")
        question = {"question": "Combien d’unités sont suivies la nuit ?"}
        self._do("rssi", "review", f"/instruction/api/reviews/{asked}/checks/security/questions", question)
        self._people.see(
            "requester-roanne",
            "request",
            f"/demandes/api/requests/{asked}",
            lambda now: now["status"] == "answer_awaited",
        )
        worked = self._submit("worked")
        self._do("rssi", "review", f"/instruction/api/reviews/{worked}/checks/security/taking")
        refused = self._submit("refused")
        self._review(refused, unfavourable="L’éditeur refuse l’accès par le bastion.")
        self._people.see(
            "requester-roanne", "request", f"/demandes/api/requests/{refused}", lambda now: now["status"] == "refused"
        )

    def _purchases(self) -> None:
        for name in ("to_qualify", "to_confirm", "census", "routed", "awarded"):
            case = self._submit(name)
            self._review(case)
            self._people.see("buyer", "purchasing", f"/achats/api/purchases/{case}")
            if name != "to_qualify":
                self._do("buyer", "purchasing", f"/achats/api/purchases/{case}/qualification", COSTS)
        census = {"route": "ght_census", "message": "Dites vos volumes : lits, unités, sites."}
        self._do("buyer", "purchasing", f"/achats/api/purchases/{self.names['census']}/decision", census)
        own = {"route": "own_tender", "reason": "Le GHT a déjà été interrogé pour ce besoin au printemps."}
        for name in ("routed", "awarded"):
            self._do("buyer", "purchasing", f"/achats/api/purchases/{self.names[name]}/decision", own)
        award = {
            "supplier": "Éditeur exemple L",
            "amount_cents": 13_100_000,
            "starts_on": "2027-01-01",
            "ends_on": "2031-12-31",
        }
        self._do("buyer", "purchasing", f"/achats/api/purchases/{self.names['awarded']}/award", award)
        for name in ("routed", "census"):
            path = f"/demandes/api/requests/{self.names[name]}"
            self._people.see("requester-roanne", "request", path, lambda now: now["route"] or now["census"])

    def _others(self) -> None:
        day = clock.now().date()
        absence = {
            "reviewer": "rssi",
            "substitute": "rssi-2",
            "from_on": str(day),
            "to_on": str(day + timedelta(days=7)),
        }
        self.names["absence"] = self._do("coordinator", "review", "/instruction/api/absences", absence)["absence_id"]
        agreements = self._people.get("buyer", "purchasing", "/achats/api/agreements")["items"]
        self.names["agreement"] = agreements[0]["agreement_id"]
        run_apart(send_garbage(self._site.kafka, TOPIC))
        parked: Any = self._people.see("operator", "request", "/demandes/api/parked", bool)
        self.names["parked"] = str(parked[0]["parked_id"])

    def _submit(self, name: str, **changes: Any) -> str:
        body = {**NEED, **changes}
        made = self._people.do("requester-roanne", "request", "/demandes/api/requests", body, key=f"exhibit-{name}")
        self.names[name] = str(made["case_id"])
        return self.names[name]

    def _review(self, case: str, unfavourable: str = "") -> None:
        self._people.see("coordinator", "review", f"/instruction/api/reviews/{case}")
        for kind, account in REVIEWER_OF.items():
            opinion: dict[str, Any] = {"opinion": "favourable", "checklist": "all_met", "comment": "Dossier relu."}
            if kind == "security" and unfavourable:
                opinion = {"opinion": "unfavourable", "comment": unfavourable}
            elif kind == "security":
                opinion |= {"opinion": "favourable_with_conditions", "conditions": [CONDITION]}
            self._do(account, "review", f"/instruction/api/reviews/{case}/checks/{kind}/opinion", opinion)

    def _do(self, who: str, service: str, path: str, body: Any = None) -> Any:
        self._people.see(who, service, path.rsplit("/checks/", 1)[0]) if "/checks/" in path else None
        return self._people.do(who, service, path, body)
