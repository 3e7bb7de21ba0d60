"""What people write: forms, opinions, figures, routes and answers, few enough of each to meet again."""

from datetime import date, timedelta

from hypothesis import strategies as st

from services.purchasing.actions.answer_census import AnswerCensus
from services.purchasing.actions.decide_route import DecideRoute
from services.purchasing.actions.qualify_purchase import Costs, QualifyPurchase
from services.purchasing.model.qualification import ExclusiveRights, Form
from services.request.model.form import RequestForm
from services.review.actions.answer_items import AnswerItems, ItemAnswer
from services.review.actions.give_opinion import GiveOpinion
from services.review.actions.judge_reuse import ReuseJudgement
from services.review.actions.overrule_verdict import ArbitrationCondition, OverruleVerdict
from services.review.model.checklists import checklists
from shared.contracts.vocabulary import (
    CensusAnswer,
    CheckKind,
    DataClass,
    Opinion,
    RequestKind,
    Route,
    Urgency,
    Verdict,
)
from tests.properties.commands import INSTALLED
from tests.properties.market import MONDAY

REASON = "Continuité des soins : le contrat en place finit en décembre."
ONLY_ONE = "Un seul éditeur détient les droits et le code du logiciel en service."
EVIDENCE = "Dossier technique relu, environnement d’essai visité."
ASK_MEMBERS = DecideRoute(route=Route.GHT_CENSUS, reason=REASON)
DOMAINS = ("bloc-operatoire", "maternite", "gestion-temps", "imagerie-ris", "eai")
ITEMS = {kind: [i.id for c in checklists() if c.kind == kind for i in c.items] for kind in CheckKind}


FORM = RequestForm(
    kind=RequestKind.NEW,
    title="Planning",
    description="Le planning est tenu sur un tableau blanc.",
    domain="bloc-operatoire",
    data=DataClass.NONE,
    care_stops=False,
)
"""A form that may be sent."""


def forms(*titles: str) -> st.SearchStrategy[RequestForm]:
    """Complete where the title is."""
    return st.builds(
        RequestForm,
        kind=st.sampled_from(RequestKind),
        title=st.sampled_from(titles),
        description=st.just("Le planning est tenu sur un tableau blanc."),
        domain=st.sampled_from(DOMAINS),
        replaces=st.just("Le tableau blanc"),
        current_supplier=st.just("Éditeur exemple"),
        contract_ends_on=st.just(date(2026, 12, 31)),
        sole_supplier_reason=st.sampled_from(("", ONLY_ONE)),
        data=st.sampled_from(DataClass),
        care_stops=st.booleans(),
        max_downtime_hours=st.just(4),
        urgency=st.sampled_from(Urgency),
        urgency_reason=st.just("Le contrat finit."),
        estimated_amount_cents=st.sampled_from((None, 3_000_000, 30_000_000)),
    )


def opinions() -> st.SearchStrategy[GiveOpinion]:
    """Enough of them may be given at once; others are lacking something."""
    fits = (ReuseJudgement(entry_id=INSTALLED.entry_id, fits=fit, reason="Vu avec l’équipe.") for fit in (True, False))
    return st.sampled_from(
        (
            GiveOpinion(opinion=Opinion.FAVOURABLE, checklist="all_met", comment=EVIDENCE),
            GiveOpinion(opinion=Opinion.FAVOURABLE, checklist="all_met", comment="Relu autrement."),
            *(GiveOpinion(opinion=Opinion.FAVOURABLE, checklist="all_met", comment=EVIDENCE, reuse=(f,)) for f in fits),
            GiveOpinion(
                opinion=Opinion.FAVOURABLE_WITH_CONDITIONS, checklist="all_met", comment=EVIDENCE,
                conditions=("Tester le mode dégradé.",),
            ),
            GiveOpinion(opinion=Opinion.FAVOURABLE_WITH_CONDITIONS, checklist="all_met", comment=EVIDENCE),
            GiveOpinion(opinion=Opinion.UNFAVOURABLE, comment="L’éditeur refuse l’accès par le bastion."),
            GiveOpinion(opinion=Opinion.UNFAVOURABLE),
            GiveOpinion(opinion=Opinion.FAVOURABLE),
        )
    )  # fmt: skip


def favourable() -> st.SearchStrategy[GiveOpinion]:
    """Opinions that let a case go on."""
    return opinions().filter(lambda o: o.checklist is not None and o.opinion == Opinion.FAVOURABLE and not o.reuse)


def answers(kind: CheckKind) -> st.SearchStrategy[AnswerItems]:
    """Some items, one taken back at times."""
    one = st.builds(
        ItemAnswer,
        value=st.sampled_from(("yes", "no", "not_applicable", "derogation")),
        evidence=st.sampled_from(("", EVIDENCE)),
        until=st.sampled_from((None, MONDAY.date() + timedelta(days=90))),
    )
    return st.dictionaries(st.sampled_from(ITEMS[kind]), st.none() | one, min_size=1, max_size=3).map(
        lambda given: AnswerItems(answers=given)
    )


def arbitrations() -> st.SearchStrategy[OverruleVerdict]:
    """With and without conditions of the coordinator's own."""
    condition = ArbitrationCondition(check=CheckKind.SECURITY, text="Passer l’accès par le bastion.")
    return st.builds(
        OverruleVerdict,
        verdict=st.sampled_from(Verdict),
        reason=st.just(REASON),
        conditions=st.sampled_from(((), (condition,))),
    )


def figures() -> st.SearchStrategy[QualifyPurchase]:
    """Costs below and above the thresholds, with and without exclusive rights."""
    return st.builds(
        QualifyPurchase,
        term_years=st.sampled_from((1, 4)),
        bought=st.sampled_from((None, Costs(licences_cents=2_000_000), Costs(maintenance_per_year_cents=9_000_000))),
        retained=st.sampled_from((None, Form.BOUGHT)),
        exclusive_rights=st.sampled_from(ExclusiveRights),
        justification=st.sampled_from(("", ONLY_ONE)),
        agreement=st.sampled_from((None, "none")),
        note=st.sampled_from(("", REASON)),
    )


def routes(proposed: Route | None) -> st.SearchStrategy[DecideRoute]:
    """Mostly the proposed one or another with a reason; censuses close within days."""
    return st.builds(
        DecideRoute,
        route=st.sampled_from(Route) | st.sampled_from((proposed or Route.OWN_TENDER, Route.GHT_CENSUS)),
        reason=st.sampled_from(("", REASON)),
        ask_members=st.booleans(),
        message=st.just(""),
    )


def replies() -> st.SearchStrategy[AnswerCensus]:
    """What a member says."""
    return st.builds(AnswerCensus, answer=st.sampled_from(CensusAnswer), software=st.just("Exemple"))
