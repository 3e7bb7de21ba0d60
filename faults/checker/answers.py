"""Everybody is answered in the end, as the rules say, and forms are accepted while Kafka is away."""

from collections.abc import Iterator

from faults.checker.evidence import Evidence, Struck
from faults.checker.objection import Objection
from faults.ledger import Line

LONG_ENOUGH = 2.0
"""Seconds without Kafka after which forms must have come in, where any were sent."""

AFTER_A_WITHDRAWAL = {
    "request-withdrawn", "check-closed", "review-over", "no-such-question", "question-open", "purchase-not-open",
    "not-found", "too-late-to-withdraw",
}  # fmt: skip
CLOSED_BY_ITS_DEADLINE = {"census-closed"}
"""A clock that jumps ahead may close a census before a member's answer."""


def everybody_was_answered(evidence: Evidence) -> Iterator[Objection]:
    """No command is left without an answer, and only those are refused that a rule refuses."""
    withdrawn = {line.case for line in evidence.lines("asked", "withdraw")}
    jumped = any(strike.fault == "clock-jump" for strike in evidence.strikes)
    for line in evidence.ledger:
        if line.kind == "unanswered":
            yield Objection(
                "everybody is answered", line.case, f"{line.act} {line.of}: sent {line.tries} times in vain"
            )
        elif line.kind == "refused" and not _expected(line, line.case in withdrawn, jumped):
            yield Objection("everybody is answered", line.case, f"{line.act} {line.of} was refused: {line.heard}")


def forms_are_accepted_without_kafka(evidence: Evidence) -> Iterator[Objection]:
    """While Kafka was down and nothing else was wrong, requests that were sent were accepted."""
    for strike in evidence.strikes:
        alone = not any(other is not strike and _meet(other.began, other.ended, strike) for other in evidence.strikes)
        if strike.fault != "kill-kafka" or strike.missed or strike.ended - strike.began < LONG_ENOUGH or not alone:
            continue
        sent = [line for line in evidence.lines("asked", "submit") if strike.began < line.at < strike.ended - 1]
        accepted = [line for line in evidence.lines("told", "submit") if strike.began < line.at < strike.ended]
        if sent and not accepted:
            why = f"{len(sent)} forms were sent while Kafka was down, none was accepted"
            yield Objection("forms are accepted without Kafka", "", why)


def _expected(line: Line, withdrawn: bool, jumped: bool) -> bool:
    slug = line.heard["slug"]
    if withdrawn and slug in AFTER_A_WITHDRAWAL:
        return True
    return jumped and slug in CLOSED_BY_ITS_DEADLINE


def _meet(began: float, ended: float, strike: Struck) -> bool:
    return began < strike.ended and strike.began < ended
