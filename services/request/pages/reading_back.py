"""The form as it reads back, by step, in words."""

from services.request.model.form import RequestForm
from services.request.pages.steps import STEPS
from services.request.store.reads import CaseFile
from shared.basics.french import date_long, euros, number, plural
from shared.contracts.words import Words
from shared.reference.cpv import codes
from shared.reference.domains import domains

Rows = list[tuple[str, str]]


def sections(case: CaseFile) -> list[tuple[str, str, Rows]]:
    """Slug, name and rows of each step."""
    form = case.form
    rows: tuple[Rows, ...] = (_nature(form), _need(form), _users(case), _continuity(form))
    return [(step.slug, step.label, group) for step, group in zip(STEPS, rows, strict=True)]


def _nature(form: RequestForm) -> Rows:
    return [("Nature", _label(form.kind))]


def _need(form: RequestForm) -> Rows:
    rows = [
        ("Titre", form.title),
        ("Besoin", form.description),
        ("Domaine", domains()[form.domain].label if form.domain else ""),
        ("Ce qu’il remplace", form.replaces),
        ("Produits connus", form.known_products),
    ]
    contract = [
        ("Fournisseur actuel", form.current_supplier),
        ("Fin du contrat", date_long(form.contract_ends_on) if form.contract_ends_on else ""),
        ("Pourquoi un seul fournisseur", form.sole_supplier_reason),
    ]
    return rows + [row for row in contract if row[1]]


def _users(case: CaseFile) -> Rows:
    form = case.form
    return [
        ("Service", form.department or case.own_department),
        ("Utilisateurs", number(form.users) if form.users is not None else ""),
        ("Lieux", form.sites),
    ]


def _continuity(form: RequestForm) -> Rows:
    stops = {None: "", True: "Oui", False: "Non"}[form.care_stops]
    hours = form.max_downtime_hours
    rows = [
        ("Données", _label(form.data)),
        ("Le soin s’arrête sans lui", stops),
        ("Tient sans lui", plural(hours, "heure") if hours is not None else ""),
        ("Souhaité pour", date_long(form.wished_on) if form.wished_on else ""),
        ("Urgence", _label(form.urgency)),
        ("Pourquoi c’est urgent", form.urgency_reason),
        (
            "Montant estimé",
            f"{euros(form.estimated_amount_cents)} HT" if form.estimated_amount_cents is not None else "",
        ),
        ("Code CPV", f"{form.cpv} ({codes()[form.cpv].label_fr})" if form.cpv else ""),
    ]
    return [row for row in rows if row[1] or row[0] not in ("Pourquoi c’est urgent", "Code CPV")]


def _label(word: Words | None) -> str:
    return word.label if word is not None else ""
