"""Words that another version may add to, and the tables that give each word what it implies."""

from uuid import uuid4

import pytest
from msgspec.structs import replace

from services.purchasing.actions.decide_route import DecideRoute, decide
from services.purchasing.actions.open_purchase import OPENS, review_decided
from services.purchasing.model.market import Policy
from services.purchasing.model.purchase import Condition, PurchaseFile, State
from services.purchasing.model.refusals import RouteNotAllowed, UnknownVerdict
from services.purchasing.model.routing.facts import AgreementKind
from services.purchasing.model.routing.routes import ROUTES, implied
from services.purchasing.model.routing.table import published_table, shipped_table
from services.purchasing.words import decided_words, route_label
from shared.contracts.events.purchases import CensusOpenedV1, RouteDecidedV1, RouteProposedV1
from shared.contracts.events.reviews import Condition as Duty
from shared.contracts.events.reviews import ReuseAssessment
from shared.contracts.vocabulary import Route, Verdict
from tests.helpers.purchasing_cases import BUYER, NOBODY_ELSE, NOW, ROANNE, agreement, market, opened, purchase, verdict

LATER = "barter"
"""A route of a later version."""
REASON = "Le fournisseur en place ne peut pas reprendre nos données."


def test_every_route_has_its_row_and_every_verdict_its_meaning() -> None:
    assert set(ROUTES) == set(Route)
    assert set(OPENS) == set(Verdict)


@pytest.mark.parametrize("route", Route)
def test_every_route_is_decided_where_its_ground_is_given(route: Route) -> None:
    row = implied(route)
    known = agreement(kind=row.agreement or AgreementKind.ORDER)
    allowed = Policy(uuid4(), ROANNE, allowed=True, valid_from=NOW.date(), source="Délibération", example=False)
    fits = ReuseAssessment(entry_id=uuid4(), product="Exemple A", fits=True)
    file = opened(
        market(known, policies=(allowed,)),
        reuse=(fits,),
        sole_supplier_reason=NOBODY_ELSE,
        estimated_amount_cents=1_000_000,
    )
    command = DecideRoute(route=route, reason=REASON, agreement_id=known.agreement_id)
    if not row.by_hand:
        with pytest.raises(RouteNotAllowed):
            decide(file, BUYER, command, NOW)
        return
    (event,) = decide(file, BUYER, command, NOW).events
    if row.asks_for:
        assert isinstance(event, CensusOpenedV1)
        return
    assert isinstance(event, RouteDecidedV1)
    assert (event.route, event.route_label) == (route, route.label)
    assert event.in_plain_words.endswith(".")


def test_a_route_without_sentences_of_its_own_is_told_by_its_label() -> None:
    assert decided_words(LATER) == "Voie d’achat retenue pour votre besoin\u202f: barter."
    assert route_label(LATER) == LATER


def test_a_route_of_a_later_version_is_proposed_by_its_table_and_not_chosen_here() -> None:
    table = (
        shipped_table().model_dump_json().replace('"ght_census"', f'"{LATER}"').replace('"own_tender"', f'"{LATER}"')
    )
    known = replace(market(), tables=(published_table(table.replace('"2026-01-01"', '"2026-02-01"')),))
    file = opened(known, estimated_amount_cents=2_000_000)
    assert purchase(file).route == LATER
    assert not implied(LATER).by_hand
    with pytest.raises(ValueError, match="route"):
        DecideRoute.model_validate({"route": LATER})


def test_a_verdict_that_is_not_known_opens_nothing_and_says_why() -> None:
    event = verdict().model_copy(update={"verdict": "postponed", "verdict_label": "Ajournée"})
    with pytest.raises(UnknownVerdict, match="« Ajournée » \\(postponed\\)"):
        review_decided(PurchaseFile(None, market()), event, NOW)


def test_a_check_that_is_not_known_is_kept_with_its_label() -> None:
    duty = Duty(check="ethics", check_label="Éthique", text="Avis du comité")
    file = opened(event=verdict().model_copy(update={"conditions": (duty,)}))
    (kept,) = purchase(file).review.conditions
    assert kept == Condition("ethics", "Éthique", "Avis du comité")


def test_a_kind_of_request_that_is_not_known_is_routed_by_the_other_facts() -> None:
    file = opened(kind="loan", kind_label="Prêt")
    proposal = purchase(file).work.proposal
    assert proposal is not None
    assert proposal.explanation.tried[0].matched is False


def test_events_carry_the_labels_of_their_words() -> None:
    outcome = review_decided(PurchaseFile(None, market(agreement())), verdict(), NOW)
    (said,) = outcome.events
    assert isinstance(said, RouteProposedV1)
    assert said.route_label == "Commander à une centrale d’achat"
    decided = decide(outcome.state, BUYER, DecideRoute(route=Route.CENTRAL_BODY_ORDER), NOW).events[0]
    assert isinstance(decided, RouteDecidedV1)
    assert (decided.route_label, decided.proposed_label) == (said.route_label, said.route_label)
    assert purchase(outcome.state).review.verdict_label == "Favorable"


def test_states_and_other_words_have_a_label_each() -> None:
    assert all(state.label for state in State)
