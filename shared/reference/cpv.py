"""The Common Procurement Vocabulary, CPV 2008 (regulation (EC) 213/2008): the subject of a contract, in eight digits.

The ninth digit of a published code is a check digit: accepted on input and ignored, since all codes are listed.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from shared.reference.files import DATA, BadReferenceData, csv_rows

_WRITTEN = re.compile(r"(\d{8})(?:-?\d)?")


@dataclass(frozen=True, slots=True)
class CpvCode:
    """One code of eight digits and its official labels."""

    code: str
    label_fr: str
    label_en: str


def normalise(written: str) -> str:
    """The eight digits of a code written with or without its check digit; ValueError on anything else."""
    match = _WRITTEN.fullmatch(written.strip())
    if match is None:
        raise ValueError(f"{written!r} is not a CPV code: eight digits, then an optional check digit")
    return match[1]


@lru_cache(maxsize=1)
def codes() -> dict[str, CpvCode]:
    """Every code, in numeric order."""
    path = DATA / "cpv" / "cpv2008_fr_en.csv"
    found: dict[str, CpvCode] = {}
    for line, row in csv_rows(path, ("code", "label_fr", "label_en")):
        code = row["code"]
        if not re.fullmatch(r"\d{8}", code) or code in found:
            raise BadReferenceData(path, line, f"{code!r} is not a code of eight digits, or stands twice")
        found[code] = CpvCode(code, " ".join(row["label_fr"].split()), " ".join(row["label_en"].split()))
    return found


def exists(written: str) -> bool:
    """Whether CPV 2008 has this code."""
    try:
        return normalise(written) in codes()
    except ValueError:
        return False


def covers(scope: str, code: str) -> bool:
    """Whether a scope holds a code: its digits without trailing zeros (two at least) begin the code."""
    significant = normalise(scope).rstrip("0").ljust(2, "0")
    return normalise(code).startswith(significant)
