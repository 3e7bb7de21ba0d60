"""The functional domains of a hospital's information system: convergence is counted by these (art. R6132-15 CSP)."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.reference.cpv import exists
from shared.reference.files import DATA, BadReferenceData
from shared.reference.text import folded


class Domain(BaseModel):
    """One business domain; the criticality is a hint, never a decision."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    label: str = Field(min_length=3)
    description: str
    keywords: tuple[str, ...]
    cpv: tuple[str, ...] = Field(min_length=1)
    criticality_hint: Literal["normal", "high", "critical"]


class DomainList(BaseModel):
    """The file; it says itself that no official national list exists."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    about: str
    official: Literal[False]
    confidence: str
    criticality_hint: str
    domains: tuple[Domain, ...]


def load(path: Path) -> dict[str, Domain]:
    """Domains by code, in the file's order; raises BadReferenceData when the file breaks a rule."""
    try:
        book = DomainList.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise BadReferenceData(path, None, str(error)) from error
    found: dict[str, Domain] = {}
    for entry in book.domains:
        if entry.code in found:
            raise BadReferenceData(path, None, f"domain {entry.code} stands twice")
        for code in entry.cpv:
            if not exists(code):
                raise BadReferenceData(path, None, f"domain {entry.code}: {code} is not a CPV code")
        found[entry.code] = entry
    return found


@lru_cache(maxsize=1)
def domains() -> dict[str, Domain]:
    """Every domain by its code, in the order shown to people."""
    return load(DATA / "domains.json")


def search(words: str, limit: int = 8) -> tuple[Domain, ...]:
    """Domains that match these words, best first; ignores accents and case."""
    wanted = [word.rstrip("sx") for word in re.findall(r"[a-z0-9]{3,}", folded(words))]
    scored = [(score, entry) for entry in domains().values() if (score := _score(entry, wanted))]
    scored.sort(key=lambda pair: -pair[0])
    return tuple(entry for _, entry in scored[:limit])


def _score(entry: Domain, wanted: list[str]) -> int:
    title, body = _searched(entry.code)
    return sum(3 * any(w.startswith(word) for w in title) + any(w.startswith(word) for w in body) for word in wanted)


@lru_cache(maxsize=256)
def _searched(code: str) -> tuple[frozenset[str], frozenset[str]]:
    entry = domains()[code]
    title = frozenset(re.findall(r"[a-z0-9]+", folded(entry.label)))
    return title, frozenset(re.findall(r"[a-z0-9]+", folded(f"{entry.description} {' '.join(entry.keywords)}")))
