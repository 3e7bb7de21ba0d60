"""A CSV file as spreadsheets and people write it. Every line of it is accounted for: read, named as bad, or all refused.

A quote that was left open would swallow the lines below it. Where nothing closes it, the file is refused before anything
of it is used; where a later quote closes it by chance, the lines that it swallowed are named.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from convergence.screen.failure import Failure
from shared.reference.directory import directory

LARGEST_VALUE: Final = 1_000_000
"""Characters of one value; a field of the form holds far less, and says so."""
_VALUE = {
    delimiter: re.compile(rf'(?:"(?:[^"]|"")*+"|(?!")[^{delimiter}\r\n]*+)({delimiter}|\r\n?|\n|\Z)').match
    for delimiter in ",;"
}
"""One value and what ends it."""
_BREAK = re.compile("\r\n?|\n")
_CLOSED = re.compile(r'"(?:[^"]|"")*+"').match


@dataclass(frozen=True)
class Misshapen:
    """A line whose values cannot be told apart; `pieces`: what stands between its separators."""

    reason: str
    pieces: tuple[str, ...]


@dataclass(frozen=True)
class _Record:
    """One row: the lines of the file that it takes, its values, and what kept it from being read."""

    line: int
    text: tuple[str, ...]
    values: list[str]
    error: str | None


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
    records = _records(path, lines, delimiter)
    header = _header(path, next(records, None), known, needed)
    for record in records:
        if record.error is not None:
            yield record.line, Misshapen(record.error, _pieces(record.text[0], delimiter))
        elif _swallowed(record, header, delimiter):
            yield from _each(record, delimiter)
        elif not any(value.strip() for value in record.values):
            continue
        elif len(record.values) != len(header):
            reason = f"{len(header)} valeurs attendues, {len(record.values)} trouvées : vérifiez les séparateurs."
            yield record.line, Misshapen(reason, tuple(value.strip() for value in record.values))
        else:
            yield record.line, {name: value.strip() for name, value in zip(header, record.values, strict=True)}


def _header(path: Path, record: _Record | None, known: Collection[str], needed: Iterable[str]) -> list[str]:
    if record is not None and record.error is not None:
        raise Failure(f"{path.name}, ligne 1 : {_lower(record.error)}")
    header = [name.strip() for name in record.values] if record else []
    if missing := [name for name in needed if name not in header]:
        raise Failure(f"{path.name} : il manque les colonnes {', '.join(missing)}.")
    if unknown := [name for name in header if name not in known]:
        raise Failure(f"{path.name} : colonnes inconnues : {', '.join(name[:60] or 'sans nom' for name in unknown)}.")
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise Failure(f"{path.name} : colonnes présentes deux fois : {', '.join(twice)}. Gardez-en une de chaque.")
    return header


def _records(path: Path, lines: Sequence[str], delimiter: str) -> Iterator[_Record]:
    """The rows, with the lines that each of them takes; raises `Failure` where an open quote runs on."""
    csv.field_size_limit(LARGEST_VALUE)
    source, at = iter(lines), 0
    while at < len(lines):
        # A new reader for each row: one that met an error does not say where it would go on.
        reader = csv.reader(source, delimiter=delimiter, strict=True)
        values: list[str] = []
        error = None
        try:
            values = next(reader)
        except csv.Error:
            error = _quote_error(path, lines, at, at + reader.line_num, delimiter)
        end = at + reader.line_num
        yield _Record(at + 1, tuple(lines[at:end]), values, error)
        at = end


def _quote_error(path: Path, lines: Sequence[str], at: int, end: int, delimiter: str) -> str:
    """Why the row of these lines is none; raises `Failure` where it is not known which lines belong to it."""
    text = "".join(lines[at:end])
    opened = _badly_quoted(text, delimiter)
    if opened is None:
        line, reason = at + 1, f"Une valeur a plus de {LARGEST_VALUE} caractères : raccourcissez-la."
    else:
        line = at + len(list(io.StringIO(text[: opened + 1], newline="")))
        reason = 'Un guillemet se ferme au milieu d’une valeur : doublez ceux qui en font partie (""), ou retirez-les.'
        if not _CLOSED(text, opened):
            raise Failure(
                f"{path.name}, ligne {line} : guillemet ouvert et jamais fermé. Rien n’a été envoyé : fermez-le, ou retirez-le."
            )
    if end - at > 1 and opened is not None:
        raise Failure(
            f"{path.name}, ligne {line} : un guillemet ouvert ici ne se ferme qu’à la ligne {end}, au milieu d’une valeur. "
            "Rien n’a été envoyé : fermez-le avant, ou retirez-le."
        )
    if end - at > 1:
        raise Failure(f"{path.name}, lignes {line} à {end} : {_lower(reason)} Rien n’a été envoyé.")
    return reason


def _badly_quoted(text: str, delimiter: str) -> int | None:
    """Where the first quoted value begins that does not end before a separator."""
    at = 0
    while at < len(text):
        value = _VALUE[delimiter](text, at)
        if value is None:
            return at
        at = value.end()
    return None


def _swallowed(record: _Record, header: Sequence[str], delimiter: str) -> bool:
    """Whether a quote opened in one row closed in another: separators within a value, on lines that look like rows."""
    lines = [line for line in record.text if line.strip()]
    if not any(delimiter in rest for value in record.values for rest in _BREAK.split(value)[1:]):
        return False
    alone = [_pieces(line, delimiter) for line in lines]
    if all(len(pieces) == len(header) for pieces in alone):
        return True
    where = header.index("establishment")
    return any(len(each) == len(header) and each[where] in directory().establishments for each in alone[1:])


def _each(record: _Record, delimiter: str) -> Iterator[tuple[int, Misshapen]]:
    """Every line that a quote swallowed, the one where it opens first."""
    last = record.line + len(record.text) - 1
    for line, text in enumerate(record.text, record.line):
        if line == record.line:
            reason = f"Un guillemet ouvert ici avale les lignes suivantes, jusqu’à la ligne {last} : fermez-le, ou retirez-le."
        else:
            reason = f"Un guillemet ouvert à la ligne {record.line} avale cette ligne : elle n’a pas été lue."
        if text.strip():
            yield line, Misshapen(reason, _pieces(text, delimiter))


def _pieces(line: str, delimiter: str) -> tuple[str, ...]:
    return tuple(piece.strip().strip('"').strip() for piece in line.split(delimiter))


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Failure(f"{path} ne se lit pas : {error.strerror}.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Failure(f"{path.name}, ligne {line} : le fichier doit être en UTF-8.") from None
