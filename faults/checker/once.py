"""Nothing happens twice: one request per key, one event per fact, one trail entry per command."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain

from faults.checker.evidence import Evidence, Message
from faults.checker.objection import Objection

PROMISE = "nothing happens twice"

ONE_EACH = (
    "request-submitted", "request-withdrawn", "review-opened", "review-decided", "census-opened",
    "census-closed", "route-decided",
)  # fmt: skip
ONE_PER = {
    "opinion-given": "check",
    "question-answered": "question_id",
    "question-asked": "question",
    "purchase-late": "due_at",
}
"""One event per value of this field."""

SERVICE_OF = {
    "submit": "request", "withdraw": "request", "answer": "request", "ask": "review", "opine": "review",
    "qualify": "purchasing", "decide": "purchasing", "reply": "purchasing",
}  # fmt: skip

BY_THE_WAY = {"check_taken"}
"""Entries that come with another command: whoever asks or opines on a check takes it first."""

EXPLAINS = 8.0
"""Seconds after the repair of a failure in which a relay may still send again what it cannot know to be sent."""
NO_EXCUSE = {"second-process", "clock-jump", "repeated-deliveries", "poison", "pool-exhausted"}
"""Faults that leave the leading relay, its connections and Kafka alone."""


def nothing_happens_twice(evidence: Evidence) -> Iterator[Objection]:
    """Events, requests and trail entries, counted."""
    yield from _events(evidence)
    yield from _requests(evidence)
    yield from _entries(evidence)


def repetitions_have_a_cause(evidence: Evidence) -> Iterator[Objection]:
    """A message stands on its topic twice only where a failure kept the relay from knowing that it was sent."""
    causes = [s for s in evidence.strikes if s.fault not in NO_EXCUSE]
    seen: set[str] = set()
    unexplained: list[Message] = []
    for message in evidence.messages:
        excused = any(s.began - 1 < message.written < s.ended + EXPLAINS for s in causes)
        if message.event_id in seen and not excused and message.source != "/services/lifecycle":
            unexplained.append(message)
        seen.add(message.event_id)
    if unexplained:
        first = min(unexplained, key=lambda message: message.written)
        why = (
            f"{len(unexplained)} messages stand twice on their topics although nothing failed, the first: {first.kind}"
        )
        yield Objection("repetitions have a cause", first.case, why)


def _events(evidence: Evidence) -> Iterator[Objection]:
    for case, messages in evidence.by_case.items():
        kinds = Counter(message.kind for message in messages)
        for kind in ONE_EACH:
            if kinds[kind] > 1:
                yield Objection(PROMISE, case, f"{kinds[kind]} different events {kind}")
        for kind, field in ONE_PER.items():
            for value, count in Counter(str(m.data[field]) for m in messages if m.kind == kind).items():
                if count > 1:
                    yield Objection(PROMISE, case, f"{count} different events {kind} for {field} {value}")
        late = Counter((m.data["check"], m.data["due_on"]) for m in messages if m.kind == "review-late")
        for (kind, day), count in late.items():
            if count > 1:
                yield Objection(PROMISE, case, f"the lateness of {kind} on {day} was told {count} times")


def _requests(evidence: Evidence) -> Iterator[Objection]:
    made: dict[str, set[str]] = defaultdict(set)
    for line in evidence.lines("told", "submit"):
        made[line.of].add(line.case)
    for key, cases in made.items():
        if len(cases) > 1:
            yield Objection(PROMISE, "", f"the key {key} made {len(cases)} requests: {sorted(cases)}")
    asked = {line.of for line in evidence.lines("asked", "submit")}
    found = len(evidence.databases["request"].cases)
    if found > len(asked):
        yield Objection(PROMISE, "", f"{len(asked)} requests were asked for, and there are {found}")


def _entries(evidence: Evidence) -> Iterator[Objection]:
    """What somebody did to a case stands in its trail no more often than they asked for it."""
    asked: dict[tuple[str, str, str], set[tuple[str, str]]] = defaultdict(set)
    case_of = {line.of: line.case for line in evidence.lines("told", "submit")}
    for line in evidence.lines("asked"):
        if line.act in SERVICE_OF:
            case = case_of.get(line.of, "") if line.act == "submit" else line.case
            asked[SERVICE_OF[line.act], case, line.said["by"]].add((line.act, line.of))
            if line.act == "answer":  # the review keeps in its trail who answered its question
                asked["review", case, line.said["by"]].add((line.act, line.of))
    people = {by for _, _, by in asked}
    for service, database in evidence.databases.items():
        entries = chain.from_iterable(database.trail.values())
        facts = [entry["fact"] for entry in entries if entry["fact"]["action"] not in BY_THE_WAY]
        written = Counter((fact["case_id"], fact["actor"]) for fact in facts if fact["actor"] in people)
        for (case, actor), count in written.items():
            wanted = len(asked[service, case, actor])
            if count > wanted and (service != "request" or case in case_of.values()):
                why = f"{actor} asked for {wanted} things in {service}, and its trail has {count} of theirs"
                yield Objection(PROMISE, case, why)
