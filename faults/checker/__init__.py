"""The checker: what people were told against what stands in the databases, on the topics and in the trail.

Written apart from the services: it imports nothing of them, folds the events itself, and hashes the trail itself.
"""

from collections.abc import Callable, Iterable

from faults.checker.acknowledged import nothing_acknowledged_is_lost
from faults.checker.answers import everybody_was_answered, forms_are_accepted_without_kafka
from faults.checker.drained import everything_is_drained, only_poison_is_parked
from faults.checker.evidence import Evidence
from faults.checker.objection import Objection
from faults.checker.once import nothing_happens_twice, repetitions_have_a_cause
from faults.checker.order import order_per_case_holds
from faults.checker.replay import read_models_equal_their_replay
from faults.checker.trail import the_trail_names_who_decided, the_trail_verifies
from faults.checker.waiting import every_waiting_case_has_a_deadline

CHECKS: tuple[Callable[[Evidence], Iterable[Objection]], ...] = (
    nothing_acknowledged_is_lost,
    everybody_was_answered,
    forms_are_accepted_without_kafka,
    nothing_happens_twice,
    repetitions_have_a_cause,
    order_per_case_holds,
    read_models_equal_their_replay,
    every_waiting_case_has_a_deadline,
    the_trail_verifies,
    the_trail_names_who_decided,
    everything_is_drained,
    only_poison_is_parked,
)


def check(evidence: Evidence) -> list[Objection]:
    """Every objection of every check."""
    return [objection for one in CHECKS for objection in one(evidence)]
