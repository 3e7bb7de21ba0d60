"""What the page of a check shows: whose it is, what it still lacks, and the need beside it."""

from datetime import date
from typing import Any

from services.review.actions.answer_items import lacking
from services.review.model.check_kinds import rules_of, works
from services.review.model.checklists import AnswerCode, frozen
from services.review.model.policy import policy
from services.review.model.review import Check, Review
from services.review.pages.check_form import filled
from services.review.words import continuity, queue_title, where
from shared.basics.french import date_long, plural
from shared.contracts.need import Need
from shared.contracts.vocabulary import CheckKind, DataClass, RequestKind, Urgency
from shared.contracts.words import label_of
from shared.identity.person import Person
from shared.reference.domains import domains
from shared.web.pages.forms import Form


def check_context(
    review: Review, check: Check, person: Person, standing_in: frozenset[str], form: Form | None, day: date
) -> dict[str, Any]:
    """Everything that the template needs; `form` carries what was typed and refused."""
    items = review.items(check)
    checklist = frozen(check.kind, check.version)
    lacks = lacking(items, check, day)
    done = len(items) - len({error.field.split(".")[1] for error in lacks})
    need = Need.model_validate_json(review.need)
    can_work = works(person, check.kind) and review.requester != person.id and not check.closed
    mine = can_work and (check.holder == person.id or check.holder in standing_in)
    return {
        "review": review,
        "check": check,
        "need": need,
        "title": queue_title(check.kind, check.label),
        "items": [
            {
                "item": item,
                "answer": check.answers.get(item.id),
                "options": [(code, code.label) for code in item.answers],
            }
            for item in items
        ],
        "checklist_from": checklist.valid_from if checklist else None,
        "done": done,
        "total": len(items),
        "lacks": lacks,
        "form": form or filled(check),
        "mine": mine,
        "may_take": can_work and check.holder is None,
        "own_request": review.requester == person.id,
        "in_place": mine and check.holder != person.id,
        "others": [other for other in review.checks if other is not check],
        "answer_days": policy(day).answer_working_days,
        "judges_reuse": rules_of(check.kind).judges_reuse and bool(need.equipped),
        "facts": need_facts(need),
        "day": day,
        "known": CheckKind.known(check.kind) is not None,
        "answer_label": lambda value: label_of(AnswerCode, value),
        "where": where,
    }


def need_facts(need: Need) -> list[tuple[str, str]]:
    """The need as terms and values, in the order a reviewer reads them."""
    domain, urgency = domains().get(need.domain), label_of(Urgency, need.urgency, need.urgency_label)
    rows = [
        ("Nature", label_of(RequestKind, need.kind, need.kind_label)),
        ("Domaine", domain.label if domain else need.domain),
        ("Utilisateurs", plural(need.users, "personne") if need.users is not None else ""),
        ("Sites", need.sites),
        ("Données", label_of(DataClass, need.data, need.data_label)),
        ("En cas de panne", "Le soin s’arrête" if need.care_stops else "Le soin continue"),
        ("Arrêt supportable", "" if need.max_downtime_hours is None else continuity(False, need.max_downtime_hours)),
        ("Remplace", need.replaces),
        ("Souhaité pour", date_long(need.wished_on) if need.wished_on else ""),
        ("Urgence", urgency + (f" : {need.urgency_reason}" if need.urgency_reason else "")),
        ("Produits connus", need.known_products),
        ("Fournisseur actuel", need.current_supplier),
        ("Fin du contrat", date_long(need.contract_ends_on) if need.contract_ends_on else ""),
        ("Fournisseur unique", need.sole_supplier_reason),
    ]
    kept = {"Utilisateurs", "Arrêt supportable"}
    return [(term, value) for term, value in rows if value or term in kept]
