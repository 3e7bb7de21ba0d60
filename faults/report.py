"""What a campaign prints: one line per seed, its objections, and how often each fault struck with how much under way."""

from collections import Counter
from collections.abc import Sequence
from statistics import median

from faults.checker.evidence import Struck
from faults.order import Terms
from faults.plan import Fault
from faults.result import Result

SHOWN = 5
"""Objections printed for each promise; the others stand in `result.json`."""
UNDER_WAY = ("commands", "events", "cases")


def verdict(result: Result, terms: Terms | None = None) -> str:
    """One seed."""
    if result.crash:
        return f"✗ seed {result.seed}: the run itself broke down, nothing is said of the product: {result.crash}"
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
        arguments = terms.arguments() if terms else f"--cases {result.cases}"
        lines.append(f'    replay: make faults ARGS="--seed {result.seed} {arguments}"')
    return "\n".join(lines)


def summary(finished: Sequence[Result], broken: Sequence[Result], missing: Sequence[int], took: float) -> str:
    """All seeds: those that the checker judged, those whose run broke down at some time, those that did not run."""
    strikes = [strike for result in finished for strike in result.strikes]
    sums = (
        f"{len(finished)} seeds{_commits(finished)}, {_sum(finished, 'lived')} cases, "
        f"{_sum(finished, 'told')} commands acknowledged, {_sum(finished, 'sent_again')} sent again, "
        f"{_sum(finished, 'messages')} messages ({_sum(finished, 'repetitions')} repeated); this start took "
        f"{took / 60:.0f} min"
    )
    lines = [
        "",
        f"{'':<39}under way when it struck: least / median / most",
        f"{'fault':<22}{'struck':>7}{'missed':>8}" + "".join(f"{name:>21}" for name in UNDER_WAY),
        *(_row(fault, [one for one in strikes if one.fault == fault]) for fault in Fault),
        "",
        sums,
    ]
    drained = [result.drained_in for result in finished if result.drained_in is not None]
    if drained:
        lines.append(f"drained after the last repair: median {median(drained):.1f} s, at most {max(drained):.1f} s")
    if finished:
        times = [result.took for result in finished]
        parts = [f"{name} {median(r.phases.get(name, 0.0) for r in finished):.1f}" for name in finished[0].phases]
        lines.append(f"a seed: median {median(times):.0f} s ({', '.join(parts)}), at most {max(times):.0f} s")
    return "\n".join([*lines, *_fates(finished, broken, missing)])


def _fates(finished: Sequence[Result], broken: Sequence[Result], missing: Sequence[int]) -> list[str]:
    objected = [result.seed for result in finished if result.objections]
    judged = {result.seed for result in finished}
    lines = [f"did not run: {len(missing)} seeds, the first {missing[0]}"] if missing else []
    if again := [result.seed for result in broken if result.seed in judged]:
        lines.append(f"broke down once, and came to their end in a later run: seeds {again}")
    if broke := [result.seed for result in broken if result.seed not in judged]:
        lines.append(f"the run itself broke down: seeds {broke}")
    return [*lines, f"objections in seeds {objected}" if objected else "no objection"]


def _row(fault: Fault, strikes: Sequence[Struck]) -> str:
    hit = [strike for strike in strikes if not strike.missed]
    under_way = "".join(f"{_spread([getattr(one, name) for one in hit]):>21}" for name in UNDER_WAY)
    return f"{fault:<22}{len(hit):>7}{len(strikes) - len(hit):>8}{under_way}"


def _spread(figures: Sequence[int]) -> str:
    return f"{min(figures)} / {median(figures):.0f} / {max(figures)}" if figures else "—"


def _sum(results: Sequence[Result], name: str) -> int:
    return sum(getattr(result, name) for result in results)


def _commits(results: Sequence[Result]) -> str:
    commits = sorted({result.commit for result in results if result.commit})
    return f" of commit {', '.join(commits)}" if commits else ""
