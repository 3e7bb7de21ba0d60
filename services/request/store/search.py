"""What one may type to find a request again: its number, or words of its title."""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 200
"""Characters that are looked at."""

_REFERENCE = re.compile(r"(?P<letter>D-)?(?:(?P<year>\d{4})-)?0*(?P<number>\d{1,15})", re.ASCII | re.IGNORECASE)
_ANY_YEAR = "_" * 4

# Words are compared by position and not by LIKE: nothing that one types, or that `unaccent` makes of it, is a wildcard.
FOUND = """(
    $3::text IS NULL AND $4::text[] IS NULL OR reference LIKE $3
    OR (SELECT bool_and(strpos(lower(unaccent(title)), lower(unaccent(word))) > 0) FROM unnest($4::text[]) word)
)"""
"""SQL condition on rows of `request`; $3 is `Search.reference`, $4 is `Search.words`."""


@dataclass(frozen=True, slots=True)
class Search:
    """A pattern (LIKE) of references, words that are all in the title, or either of them; with neither, everything."""

    reference: str | None = None
    words: tuple[str, ...] | None = None


EVERYTHING = Search()


def search_of(typed: str) -> Search:
    """D-2026-000147 and 2026-147 are one case, 147 that number of any year or a word, anything else is words."""
    words = tuple(clean(typed).split())
    if not words:
        return EVERYTHING
    told = _REFERENCE.fullmatch(words[0]) if len(words) == 1 else None
    if told is None:
        return Search(words=words)
    reference = f"D-{told['year'] or _ANY_YEAR}-{int(told['number']):06}"
    return Search(reference, None if told["letter"] or told["year"] else words)


def clean(typed: str) -> str:
    """What is looked for, as it is shown again: each accent in one piece with its letter."""
    return unicodedata.normalize("NFC", typed[:LONGEST]).strip()
