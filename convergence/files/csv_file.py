"""A CSV file as spreadsheets and people write it. Every line of it is accounted for: read, named as bad, or all refused.

A quote that was left open would swallow the lines below it. Where nothing closes it, the file is refused before anything
of it is used; where a later quote closes it by chance, the lines that it swallowed are named.
"""

import csv
import io
import sys
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from convergence.screen.failure import Failure
from shared.reference.directory import directory

LARGEST_VALUE: Final = 1_000_000
"""Characters of one value; a field of the form holds far less, and says so."""
_TOO_LONG: Final = f"une valeur a plus de {LARGEST_VALUE} caractères : raccourcissez-la."
_QUOTED: Final = 'un guillemet se ferme au milieu d’une valeur : doublez ceux qui en font partie (""), ou retirez-les.'
# Our own limit is checked on what was read: the limit of `csv` would hide that a quote was left open.
csv.field_size_limit(sys.maxsize)


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be used; `reason` is a French sentence."""

    line: int
    reference: str
    column: str
    reason: str


@dataclass(frozen=True)
class Misshapen:
    """A line whose values cannot be told apart; `pieces`: what stands between its separators."""

    reason: str
    pieces: tuple[str, ...]


@dataclass(frozen=True)
class _Row:
    """The lines of the file that a row takes, the number of the first, its values, or why it has none."""

    line: int
    text: Sequence[str]
    values: list[str]
    error: str


def csv_lines(
    path: Path, known: Collection[str], needed: Iterable[str]
) -> Iterator[tuple[int, dict[str, str] | Misshapen]]:
    """Number and values of each line, or what is wrong with its shape; raises `Failure` for the file as a whole.

    `needed` has `establishment`: a line that a quote swallowed is known by it.
    Comma or semicolon, UTF-8 with or without its mark: what spreadsheets write.
    """
    lines = tuple(io.StringIO(_text(path), newline=""))
    first = lines[0] if lines else ""
    delimiter = ";" if first.count(";") > first.count(",") else ","
    rows = _rows(path, lines, delimiter)
    header = _header(path, next(rows, None), known, needed)
    for row in rows:
        if row.error:
            yield row.line, Misshapen(row.error[0].upper() + row.error[1:], _pieces(row.text[0], delimiter))
        elif _swallowed(row, header, delimiter):
            yield from _each(row, delimiter)
        elif not any(value.strip() for value in row.values):
            continue
        elif len(row.values) != len(header):
            reason = f"{len(header)} valeurs attendues, {len(row.values)} trouvées : vérifiez les séparateurs."
            yield row.line, Misshapen(reason, tuple(value.strip() for value in row.values))
        else:
            yield row.line, {name: value.strip() for name, value in zip(header, row.values, strict=True)}


def _header(path: Path, row: _Row | None, known: Collection[str], needed: Iterable[str]) -> list[str]:
    if row is not None and row.error:
        raise Failure(f"{path.name}, ligne 1 : {row.error}")
    header = [name.strip() for name in row.values] if row else []
    if missing := [name for name in needed if name not in header]:
        raise Failure(f"{path.name} : il manque les colonnes {', '.join(missing)}.")
    if unknown := [name for name in header if name not in known]:
        raise Failure(f"{path.name} : colonnes inconnues : {', '.join(name[:60] or 'sans nom' for name in unknown)}.")
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise Failure(f"{path.name} : colonnes présentes deux fois : {', '.join(twice)}. Gardez-en une de chaque.")
    return header


def _rows(path: Path, lines: Sequence[str], delimiter: str) -> Iterator[_Row]:
    """The rows with their lines; raises `Failure` where it is not known which lines belong to a bad one."""
    source, at = iter(lines), 0
    while at < len(lines):
        # A new reader for each row: one that met an error does not say where it would go on.
        reader = csv.reader(source, delimiter=delimiter, strict=True)
        values, error, open_at_end = [""], "", False
        try:
            values = next(reader)
        except csv.Error as reason:
            error, open_at_end = _QUOTED, str(reason) == "unexpected end of data"
        end = at + reader.line_num
        if open_at_end:
            opened = at + 1 + _opened(lines[at:], delimiter)
            raise Failure(
                f"{path.name}, ligne {opened} : guillemet ouvert et jamais fermé. "
                "Rien n’a été envoyé : fermez-le, ou retirez-le."
            )
        if error and end - at > 1:
            opened = at + 1 + _opened(lines[at : end - 1], delimiter)
            raise Failure(
                f"{path.name}, ligne {opened} : un guillemet ouvert ici ne se ferme qu’à la ligne {end}, "
                "au milieu d’une valeur. Rien n’a été envoyé : fermez-le avant, ou retirez-le."
            )
        if max(map(len, values), default=0) > LARGEST_VALUE:
            error = _TOO_LONG
            if end - at > 1:
                raise Failure(f"{path.name}, lignes {at + 1} à {end} : {error} Rien n’a été envoyé.")
        yield _Row(at + 1, lines[at:end], values, error)
        at = end


def _opened(lines: Sequence[str], delimiter: str) -> int:
    """In which of the lines the value begins that is still open at their end: the first that reaches as many values."""

    def values(until: int) -> int:
        return len(next(csv.reader(lines[: until + 1], delimiter=delimiter)))

    return bisect_left(range(len(lines)), values(len(lines)), key=values)


def _swallowed(row: _Row, header: Sequence[str], delimiter: str) -> bool:
    """Whether a quote opened in one row closed in another: separators within a value, on lines that look like rows."""
    if not any(delimiter in line for value in row.values for line in value.splitlines()[1:]):
        return False
    alone = [_pieces(line, delimiter) for line in row.text if line.strip()]
    if all(len(pieces) == len(header) for pieces in alone):
        return True
    where, known = header.index("establishment"), directory().establishments
    return any(len(pieces) == len(header) and pieces[where] in known for pieces in alone[1:])


def _each(row: _Row, delimiter: str) -> Iterator[tuple[int, Misshapen]]:
    """Every line that a quote swallowed, the one where it opens first."""
    last = row.line + len(row.text) - 1
    for line, text in enumerate(row.text, row.line):
        if line == row.line:
            reason = f"Un guillemet ouvert ici avale les lignes suivantes, jusqu’à la ligne {last} : fermez-le, ou retirez-le."
        else:
            reason = f"Un guillemet ouvert à la ligne {row.line} avale cette ligne : elle n’a pas été lue."
        if text.strip():
            yield line, Misshapen(reason, _pieces(text, delimiter))


def _pieces(line: str, delimiter: str) -> tuple[str, ...]:
    return tuple(piece.strip().strip('"').strip() for piece in line.split(delimiter))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Failure(f"{path} ne se lit pas : {error.strerror}.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Failure(f"{path.name}, ligne {line} : le fichier doit être en UTF-8.") from None
