"""A form with a distinctive value in every field, drawn from the declarations: a field that is added is filled too."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from services.request.model.form import WORDS, RequestForm
from shared.contracts.need import FormFields, reads_of


def filled_form() -> RequestForm:
    """No two fields alike, none at its default, complete enough to be sent."""
    numbers = count(41)
    return RequestForm(**{field: _value(field, next(numbers)) for field in FormFields.model_fields})


def _value(field: str, number: int) -> Any:
    made: dict[str, Any] = {
        "text": f"Texte du champ {field}",
        "word": list(WORDS[field])[-1] if field in WORDS else None,
        "domain": "sterilisation",
        "cpv": "48180000",
        "day": date(2027, 1, 1) + timedelta(days=number),
        "count": number,
        "hours": number,
        "euros": number * 10_000,
        "yes_no": True,
    }
    return made[reads_of(field).form]
