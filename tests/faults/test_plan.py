"""A seed is a plan: the same one each time, and a few of them go through every fault."""

from faults.lives import draw
from faults.plan import ALONE, LASTS, WHAT, Fault, plan
from faults.strikes import STRIKES


def test_a_seed_replays() -> None:
    assert plan(17) == plan(17)
    assert plan(17) != plan(18)
    assert draw(17, 3) == draw(17, 3)
    assert draw(17, 3) != draw(17, 4)


def test_the_seeds_of_a_short_campaign_strike_with_every_fault() -> None:
    struck = {strike.fault for seed in range(1, 6) for one in plan(seed) for strike in one}
    assert struck == set(Fault)


def test_every_fault_is_described_and_can_strike() -> None:
    assert set(STRIKES) == set(WHAT) == set(LASTS) == set(Fault)


def test_a_fault_whose_repetitions_must_be_told_from_others_strikes_alone() -> None:
    for seed in range(1, 200):
        for one in plan(seed):
            assert len(one) == 1 or not {strike.fault for strike in one} & ALONE


def test_two_faults_of_a_round_never_share_their_target() -> None:
    for seed in range(1, 200):
        for one in plan(seed):
            assert len({strike.target for strike in one}) == len(one)
