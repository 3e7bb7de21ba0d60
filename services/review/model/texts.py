"""Texts that reviewers write: trimmed and bounded."""

from typing import Annotated

from pydantic import StringConstraints

from shared.basics.texts import ONE_LINE, READABLE

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), ONE_LINE]
"""One line."""
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), READABLE]
"""A few paragraphs, maybe none."""
Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=4000), READABLE]
"""A few paragraphs, not nothing."""
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=20, max_length=4000), READABLE]
"""A reason that somebody else must understand later: twenty characters at least."""
