"""What the decision table may ask about a purchase, and the figures its sentences may quote. None is "not known"."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Final, Literal

import msgspec

from services.purchasing.model.routing.thresholds import Key, NoThreshold, Threshold, threshold
from shared.basics.french import NARROW, date_long, euros
from shared.contracts.vocabulary import RequestKind
from shared.contracts.words import Words, label_of


class AgreementKind(Words):
    """What a framework agreement leaves to do before one buys; the easiest first."""

    ORDER = "order", "Une commande directe"
    FURTHER_COMPETITION = "further_competition", "Un marché subséquent entre ses titulaires"
    DYNAMIC_PURCHASING_SYSTEM = "dynamic_purchasing_system", "Un système d’acquisition dynamique"


class CensusOutcome(Words):
    """What a census of the GHT came to."""

    JOINED = "joined", "Des membres se joignent"
    NOBODY = "nobody", "Personne ne se joint"


class Line(msgspec.Struct, frozen=True):
    """A threshold as a comparison needs it: the amount in cents, and the words to show beside it."""

    cents: int
    amount: str
    in_words: str


class RoutingThresholds(msgspec.Struct, frozen=True):
    """The thresholds of the day the purchase is launched; None where no dated row covers that day."""

    exemption: Line | None
    publicity: Line | None
    formal: Line | None


@lru_cache(maxsize=1024)
def thresholds_on(launch: date) -> RoutingThresholds:
    """The thresholds that count for a purchase launched that day."""
    return RoutingThresholds(
        _line("competition_exemption", launch), _line("adapted_publicity", launch), _line("formal_procedure", launch)
    )


def _line(key: Key, launch: date) -> Line | None:
    try:
        row: Threshold = threshold(key, launch)
    except NoThreshold:
        return None
    return Line(row.value_cents, excluding_vat(row.value_cents), row.in_words)


@lru_cache(maxsize=4096)
def excluding_vat(cents: int) -> str:
    """« 284 000 € HT »."""
    return f"{euros(cents)}{NARROW}HT"


class RoutingFacts(msgspec.Struct, frozen=True):
    """One purchase as the decision table sees it. Amounts are euro cents excluding VAT over the full term."""

    kind: str
    thresholds: RoutingThresholds
    reuse_fit: bool | None = None
    agreement_usable: bool | None = None
    agreement_kind: str | None = None
    exclusive_rights: bool | None = None
    exclusive_rights_justified: bool | None = None
    amount_cents: int | None = None
    direct_purchase_allowed: bool | None = None
    census_outcome: CensusOutcome | None = None  # None: not held yet, which is known
    # quoted in the explanation only
    kind_label: str = ""
    reuse_product: str = ""
    agreement_title: str = ""
    agreement_reason: str = ""
    justification_short: bool = False
    ordered_on: date | None = None  # the day on which agreement and policy must hold

    @property
    def exemption_threshold_cents(self) -> int | None:
        return self.thresholds.exemption.cents if self.thresholds.exemption else None

    @property
    def adapted_publicity_threshold_cents(self) -> int | None:
        return self.thresholds.publicity.cents if self.thresholds.publicity else None

    @property
    def formal_threshold_cents(self) -> int | None:
        return self.thresholds.formal.cents if self.thresholds.formal else None


class FactSpec(msgspec.Struct, frozen=True):
    """How a fact may be used in a table: its type, its values, and how people call it."""

    type: Literal["bool", "word", "cents"]
    label: str
    values: tuple[str, ...] = ()
    none_is_known: bool = False


FACTS: Final[dict[str, FactSpec]] = {
    "kind": FactSpec("word", "la nature de la demande", tuple(RequestKind)),
    "reuse_fit": FactSpec("bool", "l’aptitude d’un logiciel déjà en service dans le GHT"),
    "agreement_usable": FactSpec("bool", "l’existence d’un accord-cadre utilisable"),
    "agreement_kind": FactSpec("word", "la nature de l’accord-cadre", tuple(AgreementKind)),
    "exclusive_rights": FactSpec("bool", "l’existence de droits exclusifs"),
    "exclusive_rights_justified": FactSpec("bool", "la justification écrite des droits exclusifs"),
    "amount_cents": FactSpec("cents", "le coût complet hors taxes sur toute la durée"),
    "exemption_threshold_cents": FactSpec("cents", "le seuil de dispense à la date de lancement"),
    "adapted_publicity_threshold_cents": FactSpec("cents", "le seuil de publicité à la date de lancement"),
    "formal_threshold_cents": FactSpec("cents", "le seuil de procédure formalisée à la date de lancement"),
    "direct_purchase_allowed": FactSpec("bool", "la politique d’achat direct de l’établissement"),
    "census_outcome": FactSpec("word", "l’issue du recensement GHT", tuple(CensusOutcome), none_is_known=True),
}


@lru_cache(maxsize=1024)
def _at(day: date | None) -> str:
    return "à la date de l’achat" if day is None else f"au {date_long(day)}"


def in_sentence(label: str) -> str:
    """A label inside a sentence: « un marché subséquent »."""
    return label[:1].lower() + label[1:]


FIGURES: Final[dict[str, Callable[[RoutingFacts], str]]] = {
    "amount": lambda facts: "coût inconnu" if facts.amount_cents is None else excluding_vat(facts.amount_cents),
    "exemption": lambda facts: _in_words(facts.thresholds.exemption, "seuil de dispense"),
    "publicity": lambda facts: _in_words(facts.thresholds.publicity, "seuil de publicité"),
    "formal": lambda facts: _in_words(facts.thresholds.formal, "seuil de procédure formalisée"),
    "exemption_amount": lambda facts: _amount(facts.thresholds.exemption, "le seuil de dispense"),
    "publicity_amount": lambda facts: _amount(facts.thresholds.publicity, "le seuil de publicité"),
    "formal_amount": lambda facts: _amount(facts.thresholds.formal, "le seuil de procédure formalisée"),
    "kind": lambda facts: label_of(RequestKind, facts.kind, facts.kind_label),
    "product": lambda facts: facts.reuse_product or "Un logiciel du GHT",
    "agreement": lambda facts: facts.agreement_title or "L’accord-cadre",
    "agreement_kind": lambda facts: in_sentence(label_of(AgreementKind, facts.agreement_kind or "autre chose")),
    "order_day": lambda facts: _at(facts.ordered_on),
    "agreement_reason": lambda facts: (
        facts.agreement_reason or "Aucun accord-cadre en vigueur ne couvre ce besoin pour cet établissement."
    ),
}


def _in_words(line: Line | None, name: str) -> str:
    return f"{name} inconnu à cette date" if line is None else line.in_words


def _amount(line: Line | None, name: str) -> str:
    return name if line is None else line.amount
