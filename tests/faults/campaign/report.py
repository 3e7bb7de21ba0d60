"""What a campaign prints: one line per seed, its objections, and how often each fault struck with how much under way."""

from collections import Counter
from collections.abc import Sequence
from statistics import mean, median

from tests.faults.campaign.checker.evidence import Struck
from tests.faults.campaign.plan import Fault
from tests.faults.campaign.run import Result

SHOWN = 5
"""Objections printed for each promise; the others stand in `result.json`."""


def verdict(result: Result) -> str:
    """One seed."""
    if result.crash:
        return f"✗ seed {result.seed}: the run itself broke down: {result.crash}"
    ends = ", ".join(f"{count} {end}" for end, count in sorted(result.ends.items()))
    drained = "not drained" if result.drained_in is None else f"drained in {result.drained_in:.1f} s"
    head = (
        f"{'✓' if result.good else '✗'} seed {result.seed}: {result.lived} cases ({ends}), {result.told} commands "
        f"acknowledged, {result.sent_again} sent again, {result.messages} messages ({result.repetitions} repeated), "
        f"{drained}, {result.took:.0f} s"
    )
    lines = [head, *(f"    died by itself: {death}" for death in result.deaths)]
    by_promise = Counter(objection.promise for objection in result.objections)
    for promise, count in by_promise.items():
        lines.append(f"    {count} × {promise}")
        lines += [f"      {o.case or '—'}: {o.why}" for o in result.objections if o.promise == promise][:SHOWN]
    if not result.good:
        lines.append(f'    replay: make faults ARGS="--seed {result.seed} --cases {result.cases}"')
    return "\n".join(lines)


def summary(results: Sequence[Result], took: float) -> str:
    """All seeds."""
    failed = [result.seed for result in results if not result.good]
    told, cases = sum(result.told for result in results), sum(result.lived for result in results)
    drained = [result.drained_in for result in results if result.drained_in is not None]
    lines = [
        "",
        f"{'fault':<22}{'struck':>7}{'missed':>8}{'commands':>10}{'events':>8}{'cases':>7}   under way, on average",
    ]
    strikes = [strike for result in results for strike in result.strikes]
    lines += [_row(fault, [s for s in strikes if s.fault == fault]) for fault in Fault]
    lines.append(
        f"\n{len(results)} seeds, {cases} cases, {told} commands acknowledged, "
        f"{sum(result.sent_again for result in results)} sent again, "
        f"{sum(result.messages for result in results)} messages "
        f"({sum(result.repetitions for result in results)} repeated), {took / 60:.0f} min"
    )
    if drained:
        lines.append(f"drained after the last repair: median {median(drained):.1f} s, at most {max(drained):.1f} s")
    lines.append(f"objections in seeds {failed}" if failed else "no objection")
    return "\n".join(lines)


def _row(fault: Fault, strikes: Sequence[Struck]) -> str:
    hit = [strike for strike in strikes if not strike.missed]
    figures = [mean(getattr(s, name) for s in hit) if hit else 0.0 for name in ("commands", "events", "cases")]
    under_way = "".join(f"{figure:>{width}.0f}" for figure, width in zip(figures, (10, 8, 7), strict=True))
    return f"{fault:<22}{len(hit):>7}{len(strikes) - len(hit):>8}{under_way}"
