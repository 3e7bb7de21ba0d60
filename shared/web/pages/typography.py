"""French typography in templates: their literal text gets its spaces when they are compiled, values by the filters."""

from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

from shared.basics import french


class FrenchTypography(Extension):
    """Applies `typo` to the literal text of templates when they are compiled: authors write plain spaces."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            yield Token(token.lineno, token.type, french.typo(token.value)) if token.type == "data" else token


def typo(text: str) -> str:
    """`french.typo`; markup that was safe stays safe."""
    fixed = french.typo(text)
    return Markup(fixed) if isinstance(text, Markup) else fixed  # noqa: S704  only spaces changed


FILTERS = {
    "typo": typo, "date_long": french.date_long, "date_short": french.date_short, "time": french.time,
    "datetime": french.date_time, "relative_due": french.relative_due, "due_kind": french.due_kind,
    "number": french.number, "euros": french.euros, "plural": french.plural,
}  # fmt: skip
"""Jinja filters by name."""
