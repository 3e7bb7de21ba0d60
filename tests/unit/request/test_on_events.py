"""Conditions and the award, as the other services tell them."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from services.request.actions.on_events import award_recorded, condition_changed, review_decided, route_decided
from services.request.model.follow_up import FollowUp, Stage, stage_of
from services.request.model.follow_up_parts import Award
from services.request.words import award_words, due_words, route_facts, sentence, state_words
from shared.contracts.events.purchases import (
    AgreementBrief,
    AwardedLot,
    AwardRecordedV1,
    Holder,
    RouteDecidedV1,
    RouteExplanation,
)
from shared.contracts.events.reviews import Condition, ConditionChangedV1, ReviewDecidedV1
from shared.contracts.need import Need
from tests.helpers.case_facts import ABOUT, condition

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
CASE: dict[str, Any] = {"case_id": UUID(int=1), "about": ABOUT}
NEED = Need(
    reference="D-2026-000001", requester="r", requester_title="R", establishment="420784878", kind="new",
    title="Planning", description="Tenu sur un tableau.", department="Bloc", domain="bloc-operatoire", data="none",
    care_stops=False,
)  # fmt: skip


def decided(*conditions: Condition) -> ReviewDecidedV1:
    verdict = "favourable_with_conditions"
    return ReviewDecidedV1(**CASE, decided_at=NOW, verdict=verdict, opinions=(), conditions=conditions, need=NEED)


def changed(to: Condition) -> ConditionChangedV1:
    return ConditionChangedV1(**CASE, condition=to, changed_at=NOW, changed_by_title="RSSI")


def award(*holders: str, **known: Any) -> AwardRecordedV1:
    lots = (AwardedLot(holders=tuple(Holder(name=name) for name in holders)),)
    return AwardRecordedV1(
        **CASE, award_id=uuid4(), revision=1, recorded_at=NOW, recorded_by_title="Acheteur", lots=lots,
        route="own_tender", **known,
    )  # fmt: skip


def test_a_condition_is_what_its_last_change_says() -> None:
    first, second = condition(), condition(text="Former les cadres.")
    follow_up = review_decided(FollowUp(submitted_at=NOW), decided(first, second))
    met = first.model_copy(update={"state": "met"})
    follow_up = condition_changed(follow_up, changed(met))
    assert [(one.condition_id, one.state) for one in follow_up.conditions] == [
        (first.condition_id, "met"),
        (second.condition_id, "open"),
    ]
    assert condition_changed(follow_up, changed(met)) == follow_up


def test_a_condition_that_was_not_told_before_is_added() -> None:
    derogation = condition(origin="derogation", state="signed", signed_by_title="Directeur")
    follow_up = condition_changed(FollowUp(submitted_at=NOW), changed(derogation))
    assert [one.state for one in follow_up.conditions] == ["signed"]


def test_a_condition_reads_with_its_owner_its_day_and_its_end() -> None:
    told = condition(
        state="signed",
        signed_by_title="Directeur",
        valid_until=date(2027, 6, 1),
        due="on_date",
        due_on=date(2027, 3, 1),
    )
    [one] = review_decided(FollowUp(), decided(told)).conditions
    assert (one.check_label, one.owner_label, one.tone) == ("Sécurité", "Responsable de service", "info")
    assert state_words(one).replace("\u00a0", " ") == "Risque accepté par Directeur, jusqu’au 1er juin 2027"
    assert due_words(one).replace("\u00a0", " ") == "pour le 1er mars 2027"
    [other] = review_decided(FollowUp(), decided(condition())).conditions
    assert due_words(other) == "Avant la mise en service"


def test_an_award_ends_the_purchase_with_its_holders_and_dates() -> None:
    event = award("Éditeur A", "Éditeur B", "Éditeur A", starts_on=date(2027, 1, 1), ends_on=date(2030, 12, 31))
    follow_up = award_recorded(FollowUp(submitted_at=NOW), event)
    assert stage_of(follow_up) is Stage.AWARDED
    assert sentence(follow_up, Stage.AWARDED).replace("\u00a0", " ") == (
        "Le marché est attribué : Éditeur A, Éditeur B, du 1er janvier 2027 au 31 décembre 2030."
    )


def test_what_is_unknown_of_an_award_is_left_out() -> None:
    assert award_words(Award(recorded_at=NOW)) == ""
    assert award_words(Award(recorded_at=NOW, ends_on=date(2030, 1, 2))).replace("\u00a0", " ") == (
        "jusqu’au 2 janvier 2030"
    )
    unknown = FollowUp(submitted_at=NOW, award=Award(recorded_at=NOW))
    assert sentence(unknown, Stage.AWARDED) == "Le marché est attribué."


def test_a_route_says_what_it_is_ordered_from_and_for_how_long() -> None:
    brief = AgreementBrief(agreement_id=uuid4(), name="Logiciels de bloc", body="Centrale exemple")
    event = RouteDecidedV1(
        **CASE, decided_at=NOW, route="central_body_order", proposed="central_body_order", overridden=False,
        decided_by_title="Acheteur", explanation=RouteExplanation(rule="R3", table_version="1", tried=()),
        term_months=48, agreement=brief, in_plain_words="On commande.",
    )  # fmt: skip
    step = route_decided(FollowUp(), event).decided
    assert step is not None
    said = [(name, value.replace("\u00a0", " ")) for name, value in route_facts(step)]
    assert said == [("Accord-cadre", "Logiciels de bloc"), ("Durée", "4 ans")]
