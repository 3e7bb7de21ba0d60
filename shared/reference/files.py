"""Reads the reference files shipped with the product; a bad file stops the program and names the line."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

DATA = Path(__file__).parent / "data"


class BadReferenceData(ValueError):
    """A reference file breaks its own rules; the message names file, line and reason."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        where = path.name if line is None else f"{path.name}, line {line}"
        super().__init__(f"{where}: {reason}")


def csv_rows(path: Path, columns: Sequence[str], delimiter: str = ",") -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and stripped values of each row; raises `BadReferenceData` unless the header is exactly `columns`."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter=delimiter, strict=True)
        if reader.fieldnames is None or list(reader.fieldnames) != list(columns):
            raise BadReferenceData(path, 1, f"expected the columns {list(columns)}, found {reader.fieldnames}")
        for row in reader:
            if None in row or None in row.values():
                raise BadReferenceData(path, reader.line_num, f"expected {len(columns)} values")
            yield reader.line_num, {name: value.strip() for name, value in row.items()}
