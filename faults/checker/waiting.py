"""Every waiting case has a deadline, or somebody was told that it passed."""

import json
from collections.abc import Iterator

from faults.checker.evidence import Evidence
from faults.checker.objection import Objection

PROMISE = "every waiting case has a deadline"

REQUEST_WAITS = {"submitted", "answer_awaited", "approved", "route_proposed"}
"""Stages in which the request service itself waits for something: the review's checks have deadlines of their own."""
PURCHASE_WAITS = {"to_qualify", "to_confirm", "census"}


def every_waiting_case_has_a_deadline(evidence: Evidence) -> Iterator[Objection]:
    """In each service, of the state that the case is in now."""
    for case, row in evidence.databases["request"].cases.items():
        told = json.loads(row["follow_up"]).get("told")
        if row["stage"] in REQUEST_WAITS and row["deadline_at"] is None and not told:
            yield Objection(PROMISE, case, f"request {row['stage']}: nobody will be told")
    for case, checks in evidence.databases["review"].checks.items():
        for check in checks:
            told = json.loads(check["state"]).get("told_on")
            if check["status"] != "closed" and check["deadline_at"] is None and not told:
                yield Objection(PROMISE, case, f"check {check['kind']} {check['status']}: nobody will be told")
    for case, row in evidence.databases["purchasing"].cases.items():
        if row["state"] in PURCHASE_WAITS and row["deadline_at"] is None and row["late_since"] is None:
            yield Objection(PROMISE, case, f"purchase {row['state']}: nobody will be told")
