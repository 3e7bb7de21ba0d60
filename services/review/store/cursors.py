"""Opaque cursors of keyset pages: the place of the last row that was shown."""

import base64
import binascii
from datetime import date
from uuid import UUID

from shared.basics.errors import FieldError, Invalid

Place = tuple[date, UUID, str]


def cursor(due_on: date, case_id: UUID, kind: str) -> str:
    """The cursor after this row."""
    return base64.urlsafe_b64encode(f"{due_on.isoformat()} {case_id.hex} {kind}".encode()).decode().rstrip("=")


def place(text: str) -> Place:
    """Where a cursor points; raises `Invalid`."""
    try:
        due_on, case_id, kind = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii").split(" ")
        if kind.isalpha():
            return date.fromisoformat(due_on), UUID(case_id), kind
    except (ValueError, binascii.Error):
        pass
    raise Invalid(errors=(FieldError("after", "Reprenez ici la valeur `next` de la réponse précédente."),))
