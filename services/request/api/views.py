"""How a request looks to one person who asks by API."""

from datetime import datetime

from services.request.api.shapes import CaseView
from services.request.model.follow_up import open_questions
from services.request.model.request import allowed
from services.request.model.waiting import overdue, waiting_for
from services.request.store.reads import CaseFile
from services.request.words import check_words, sentence, stage_words
from shared.identity.person import Person


def case_view(case: CaseFile, person: Person, now: datetime) -> CaseView:
    """The request as this person sees it."""
    follow_up = case.follow_up
    waiting, late = open_questions(follow_up), overdue(follow_up, now)
    asked = {question.check for question in waiting}
    seen = {
        "case_id": case.case_id,
        "reference": case.reference,
        "status": case.stage,
        "status_label": stage_words(follow_up, case.stage)[0],
        "in_plain_words": sentence(follow_up, case.stage, mine=case.author == person.id),
        "author_title": case.author_title,
        "establishment": case.establishment,
        "department": case.form.department or case.own_department,
        "created_at": case.created_at,
        "updated_at": case.updated_at,
        "submitted_at": follow_up.submitted_at,
        "form": case.form,
        "attachments": case.files,
        "equipped": case.equipped,
        "waiting_for": [
            {"what": w.sentence, "due_at": w.due_at, "told": w.told, "late": w in late} for w in waiting_for(follow_up)
        ],
        "checks": [
            {
                "kind": check.kind,
                "label": check.label,
                "state": check_words(check, asked=check.kind in asked)[0],
                "due_on": check.due_on,
                "clock_stopped": check.kind in asked,
                "late": check.late,
                "reviewer_title": check.reviewer_title,
                "opinion": check.opinion,
                "opinion_label": check.opinion_label,
                "conditions": check.conditions,
                "given_at": check.given_at,
            }
            for check in follow_up.checks
        ],
        "questions": [
            {
                "question_id": q.question_id,
                "check": q.check,
                "check_label": q.check_label,
                "question": q.text,
                "asked_at": q.asked_at,
                "asked_by_title": q.asked_by_title,
                "expected_by": q.expected_by,
                "open": q in waiting,
                "answer": q.answer,
                "answered_at": q.answered_at,
            }
            for q in follow_up.questions
        ],
        "decision": follow_up.decision,
        "proposed_route": follow_up.proposed,
        "route": follow_up.decided,
        "census": follow_up.census,
        "withdrawn_at": follow_up.withdrawn_at,
        "withdrawal_reason": follow_up.withdrawal_reason,
        "may": allowed(person, case.author, case.establishment, follow_up),
    }
    return CaseView.model_validate(seen, from_attributes=True)
