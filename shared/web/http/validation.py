"""Validation errors of pydantic as French sentences."""

from collections.abc import Iterable
from itertools import islice

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shared.basics.errors import FieldError, Invalid
from shared.basics.french import typo

_SENTENCES: dict[str, str] = {
    "missing": "Cette information est attendue : complétez-la.",
    "extra_forbidden": "Ce champ n’est pas attendu ici : retirez-le.",
    "json_invalid": "Le corps de la requête n’est pas du JSON lisible.",
    "json_type": "Le corps de la requête doit être du JSON.",
    "model_type": "Un objet JSON est attendu.",
    "model_attributes_type": "Un objet JSON est attendu.",
    "dict_type": "Un objet JSON est attendu.",
    "string_type": "Écrivez un texte.",
    "string_too_short": "Écrivez au moins {min_length} caractères.",
    "string_too_long": "Raccourcissez à {max_length} caractères au plus.",
    "string_pattern_mismatch": "Ce texte n’a pas la forme attendue.",
    "int_type": "Écrivez un nombre entier, par exemple 46.",
    "int_parsing": "Écrivez un nombre entier, par exemple 46.",
    "int_from_float": "Écrivez un nombre entier, par exemple 46.",
    "float_type": "Écrivez un nombre.",
    "float_parsing": "Écrivez un nombre.",
    "decimal_type": "Écrivez un nombre.",
    "decimal_parsing": "Écrivez un nombre.",
    "greater_than": "Écrivez un nombre plus grand que {gt}.",
    "greater_than_equal": "Écrivez {ge} ou plus.",
    "less_than": "Écrivez un nombre plus petit que {lt}.",
    "less_than_equal": "Écrivez {le} ou moins.",
    "bool_type": "Répondez par oui ou par non.",
    "bool_parsing": "Répondez par oui ou par non.",
    "date_type": "Écrivez une date, par exemple 2026-11-27.",
    "date_parsing": "Écrivez une date, par exemple 2026-11-27.",
    "date_from_datetime_parsing": "Écrivez une date, par exemple 2026-11-27.",
    "date_from_datetime_inexact": "Écrivez une date sans heure, par exemple 2026-11-27.",
    "date_past": "Choisissez une date passée.",
    "date_future": "Choisissez une date à venir.",
    "datetime_type": "Écrivez une date et une heure, par exemple 2026-11-27T14:32:00Z.",
    "datetime_parsing": "Écrivez une date et une heure, par exemple 2026-11-27T14:32:00Z.",
    "datetime_from_date_parsing": "Écrivez une date et une heure, par exemple 2026-11-27T14:32:00Z.",
    "timezone_aware": "Précisez le fuseau horaire, par exemple 2026-11-27T14:32:00Z.",
    "uuid_type": "Cet identifiant n’a pas la forme attendue (UUID).",
    "uuid_parsing": "Cet identifiant n’a pas la forme attendue (UUID).",
    "enum": "Choisissez une des réponses proposées : {expected}.",
    "literal_error": "Choisissez une des réponses proposées : {expected}.",
    "union_tag_invalid": "Choisissez une des réponses proposées : {expected_tags}.",
    "union_tag_not_found": "Cette information est attendue : complétez-la.",
    "list_type": "Une liste est attendue.",
    "tuple_type": "Une liste est attendue.",
    "set_type": "Une liste est attendue.",
    "too_short": "Choisissez-en au moins {min_length}.",
    "too_long": "Choisissez-en {max_length} au plus.",
    "url_parsing": "Cette adresse n’a pas la forme attendue, par exemple https://exemple.fr.",
}
MOST_ERRORS = 50
"""Report at most this many errors."""
FAR_TOO_MANY = 2_000
LONGEST_NAME = 80
"""Characters of a field's name that are repeated in the answer."""
_OTHERWISE = "Cette valeur ne convient pas."


def _sentence(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    kind = error["type"]
    if kind == "value_error" and (raised := context.get("error")):
        return str(raised)  # our validators raise French sentences
    if kind == "missing" or (kind == "string_too_short" and not error["input"]):
        return _SENTENCES["missing"]
    if "expected" in context:
        context = {
            **context,
            "expected": str(context["expected"]).replace("'", "").replace(" or ", " ou "),
        }
    return _SENTENCES.get(kind, _OTHERWISE).format_map(context)


def field_errors(errors: Iterable[ErrorDetails]) -> tuple[FieldError, ...]:
    """One French sentence per field; `field` is the dotted path of the JSON body or form field."""
    return tuple(FieldError(_place(error), typo(_sentence(error))) for error in islice(errors, MOST_ERRORS))


def _place(error: ErrorDetails) -> str:
    return ".".join(str(part)[:LONGEST_NAME] for part in error["loc"])


def invalid(error: ValidationError) -> Invalid:
    """The refusal for a failed validation: the first errors, or one sentence if there are thousands."""
    if error.error_count() > FAR_TOO_MANY:
        return Invalid("Cet envoi contient des milliers d’erreurs : vérifiez son format.")
    return Invalid(errors=field_errors(error.errors(include_url=False)))
