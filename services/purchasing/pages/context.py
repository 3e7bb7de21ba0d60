"""What every template of purchasing finds: the words of its tables, and how to call what is not in them."""

from typing import Any, Final

from services.purchasing.model.market import BODIES, MayOrder
from services.purchasing.model.qualification import LINES, ExclusiveRights, Form
from services.purchasing.model.routing.coverage import MID_TERM
from services.purchasing.model.routing.facts import AgreementKind
from services.purchasing.model.routing.routes import implied
from services.purchasing.words import domain_label, establishment_name, route_label
from shared.contracts.vocabulary import CensusAnswer, RequestKind, Verdict
from shared.contracts.words import Words, label_of, tone_of


def options(words: type[Words]) -> list[tuple[str, str]]:
    """A vocabulary as the choices of a form."""
    return [(word.value, word.label) for word in words]


WORDS: Final[dict[str, Any]] = {
    "label_of": label_of,
    "tone_of": tone_of,
    "options": options,
    "route_label": route_label,
    "name_of": establishment_name,
    "domain_label": domain_label,
    "implied": implied,
    "AgreementKind": AgreementKind,
    "CensusAnswer": CensusAnswer,
    "CostForm": Form,
    "ExclusiveRights": ExclusiveRights,
    "MayOrder": MayOrder,
    "RequestKind": RequestKind,
    "Verdict": Verdict,
    "bodies": BODIES,
    "lines": LINES,
    "mid_term": MID_TERM,
}
