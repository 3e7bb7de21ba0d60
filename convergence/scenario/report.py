"""What the demo says at its end: for people a table, for programs a list of cases."""

from typing import Any

from rich.console import Console

from convergence.scenario.play import Way
from convergence.scenario.run import Played
from convergence.screen.console import shown
from shared.basics.french import plural
from shared.contracts.vocabulary import Route, Verdict
from shared.contracts.words import label_of


def plain(played: Played) -> list[dict[str, Any]]:
    """One object per case, in the order of the file; `route` and `rule` are null where the verdict is unfavourable."""
    return [
        {
            "case_id": way.case_id,
            "reference": way.reference,
            "example": way.example,
            "title": way.title,
            "establishment": way.establishment,
            "verdict": way.verdict,
            "route": way.route,
            "rule": way.rule,
            "proposed": way.proposed,
            "as_expected": way.as_expected,
        }
        for way in played.ways
    ]


def show(console: Console, played: Played, seconds: float) -> None:
    """The bad lines, the way of each case, and what to remember of it all."""
    if played.bad:
        console.print(f"\n[bold]{plural(len(played.bad), 'ligne refusée', 'lignes refusées')}[/]")
        for bad in played.bad:
            console.print(f"  ligne {bad.line:>2} {shown(bad.reference):<8} {shown(bad.column)} : {shown(bad.reason)}")
    console.print()
    for way in played.ways:
        _show_way(console, way)
    for reason in played.lost:
        console.print(f"[red]✗[/] {shown(reason)}")
    if not played.bad_as_expected:
        console.print("[red]✗[/] Les lignes refusées ne sont pas celles que le scénario annonce.")
    arrived = sum(way.as_expected for way in played.ways)
    known = sum(one.already for one in played.sent)
    console.print(
        f"\n{plural(len(played.ways) + len(played.lost), 'dossier')} en {seconds:.0f} s, {arrived} là où le scénario les attend. "
        f"{plural(known, 'demande')} déjà au système, {plural(len(played.bad), 'ligne refusée', 'lignes refusées')}."
    )
    if not played.changed:
        console.print("Tout était déjà joué : rien n’a changé.")


def _show_way(console: Console, way: Way) -> None:
    """Two lines, and a third one where the case did not go as the script says."""
    mark = "[green]✓[/]" if way.as_expected else "[red]✗[/]"
    console.print(f"{mark} [bold]{shown(way.reference)}[/] {shown(way.title)} [dim]{shown(way.example)}[/]")
    verdict = shown(label_of(Verdict, way.verdict))
    led = f" → {shown(label_of(Route, way.route))} [dim](règle {shown(way.rule)})[/]" if way.route else ""
    console.print(f"    {verdict}{led}")
    if not way.as_expected:
        console.print(f"    [red]{shown(_unexpected(way))}[/]")


def _unexpected(way: Way) -> str:
    wanted = way.expected
    pairs = (
        ("décision", way.verdict, wanted.verdict),
        ("voie proposée", way.proposed, wanted.proposed),
        ("voie", way.route, wanted.route),
        ("règle", way.rule, wanted.rule),
    )
    return " ; ".join(
        f"{name} {got or 'aucune'} au lieu de {expected or 'aucune'}"
        for name, got, expected in pairs
        if got != expected
    )
