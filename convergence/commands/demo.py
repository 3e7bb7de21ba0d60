"""`convergence demo`: the example requests from the file to their purchase route, through the public APIs."""

import asyncio
import signal
import time
from contextlib import ExitStack
from typing import Annotated

from cyclopts import Parameter
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from convergence.scenario.report import plain, show
from convergence.scenario.run import Played, run
from convergence.screen.console import err, out, print_json, shown
from convergence.site.addresses import HERE, AsJson, Kafka, KafkaPrefix, Site, Where, find_kafka, known_site, site_of
from convergence.site.own_system import own_system


def demo(
    *,
    json: AsJson = False,
    minutes: Annotated[float, Parameter(help="Combien de temps attendre un service arrêté.")] = 5.0,
    where: Where = HERE,
    kafka: Kafka = None,
    kafka_prefix: KafkaPrefix = "",
) -> None:
    """Joue les demandes d’exemple jusqu’à leur voie d’achat, sur le système qui tourne ou sur un à elle.

    Rejouée sur le même système, elle ne change rien et le dit. Code de sortie 1 si un dossier n’arrive pas où il doit.
    """
    signal.signal(signal.SIGTERM, _end)
    with ExitStack() as stack:
        site = known_site(where)
        if site is None:
            site, kafka = _started(stack)
        begun = time.monotonic()
        played = asyncio.run(_with_progress(site, kafka or find_kafka(), kafka_prefix, minutes * 60))
        seconds = time.monotonic() - begun
    if json:
        print_json(plain(played))
    show(err() if json else out(), played, seconds)
    if not played.as_expected:
        raise SystemExit(1)


def _started(stack: ExitStack) -> tuple[Site, str]:
    console = err()
    with console.status("démarrage de PostgreSQL, de Kafka et des services…"):
        started = stack.enter_context(own_system(lambda words: console.print(shown(words))))
    return site_of(started.urls), started.kafka


async def _with_progress(site: Site, kafka: str, prefix: str, patience: float) -> Played:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = err()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("catalogue", total=None)
        return await run(
            site,
            kafka,
            prefix,
            patience,
            tell=lambda words: console.print(shown(words)),
            moved=lambda what, done, total: progress.update(task, description=what, completed=done, total=total),
        )


def _end(*_: object) -> None:
    """SIGTERM ends the demo the way Ctrl-C does: a system that it started goes with it."""
    raise SystemExit(143)
