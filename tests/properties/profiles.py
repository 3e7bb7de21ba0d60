"""How long the property tests look: seconds in every run and always the same, as long as one likes with `long`.

`pytest tests/unit/whole/test_properties.py --hypothesis-profile=long` looks elsewhere each time.
"""

from hypothesis import HealthCheck, Phase, settings

PATIENT = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)


def register() -> None:
    """Make both profiles known; a name on the command line wins over `quick`."""
    settings.register_profile(
        "quick",
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=60,
        stateful_step_count=60,
        suppress_health_check=PATIENT,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
    )
    settings.register_profile(
        "long", deadline=None, max_examples=4000, stateful_step_count=100, suppress_health_check=PATIENT
    )
    settings.load_profile("quick")
