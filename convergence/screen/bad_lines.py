"""The lines of a file that could not be used, as a table."""

from collections.abc import Collection

from rich.console import Console
from rich.table import Table

from convergence.files.csv_file import BadLine
from convergence.screen.console import shown, shown_inline


def show_bad_lines(console: Console, bad: Collection[BadLine]) -> None:
    """Each with its reason; nothing where all are good."""
    if not bad:
        return
    table = Table("Ligne", "Référence", "Colonne", "Raison", title="Lignes refusées", title_justify="left")
    for each in bad:
        table.add_row(str(each.line), shown_inline(each.reference), shown_inline(each.column), shown(each.reason))
    console.print(table)
