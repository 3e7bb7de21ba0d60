"""Normalises text for comparison."""

import unicodedata


def folded(text: str) -> str:
    """Lower case without accents or ligatures."""
    text = text.replace("œ", "oe").replace("Œ", "oe").replace("’", "'")
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
