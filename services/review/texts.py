"""Texts that people write: trimmed, bounded, without the control characters that PostgreSQL or a screen cannot hold."""

from typing import Annotated

from pydantic import StringConstraints

_PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=_PLAIN)]
"""One line."""
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000, pattern=_PLAIN)]
"""A few paragraphs, maybe none."""
Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=4000, pattern=_PLAIN)]
"""A few paragraphs, not nothing."""
Motive = Annotated[str, StringConstraints(strip_whitespace=True, min_length=20, max_length=4000, pattern=_PLAIN)]
"""A reason that somebody else must understand later: twenty characters at least."""
