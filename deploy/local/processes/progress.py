"""Progress: a line per step with its time, and a spinner for the running ones in a terminal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Steps:
    """Steps may overlap; each prints its line when it is done."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TextColumn("[dim]{task.fields[detail]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )

    def __enter__(self) -> "Steps":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    @contextmanager
    def step(self, name: str, result: str = "") -> Iterator[Callable[[str], None]]:
        """Show `name` while the block runs, then a line; yields a function that shows a detail meanwhile."""
        task = self._progress.add_task(name, detail="", total=None)
        start = time.monotonic()
        try:
            yield lambda detail: self._progress.update(task, detail=escape(detail))
        except BaseException:
            self._console.print(f"[red]✗[/] {escape(name)}")
            raise
        finally:
            self._progress.remove_task(task)
        took = f"[dim]{time.monotonic() - start:.1f} s[/]"
        self._console.print(f"[green]✓[/] {escape(name):<28} {escape(result):<24} {took}", highlight=False)
