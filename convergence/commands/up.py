"""`convergence up`: PostgreSQL, Kafka and the services, until Ctrl-C."""

import asyncio
import signal
import time
from collections.abc import Callable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.local.processes.progress import Steps
from deploy.local.processes.run import only_one
from deploy.local.processes.supervisor import Died
from deploy.local.settings import LocalSettings, Misconfigured, local_settings
from deploy.local.system import System
from shared.program.registry import REGISTRY


def up() -> None:
    """Start PostgreSQL, Kafka and the services, print addresses and accounts; Ctrl-C ends all, data are kept."""
    console = Console(highlight=False, soft_wrap=True)
    try:
        settings = local_settings()
        with only_one(settings):
            asyncio.run(_live(settings, console))
    except (Misconfigured, Died) as reason:
        console.print(f"[red]{escape(str(reason))}[/]")
        raise SystemExit(1) from None


async def _live(settings: LocalSettings, console: Console) -> None:
    begun = time.monotonic()
    system = System(settings, lambda sentence: console.print(f"[yellow]•[/] {escape(sentence)}"))
    asked_to_end = asyncio.Event()
    _on_signals(asked_to_end, system.supervisor.kill)
    ending = asyncio.create_task(asked_to_end.wait())
    try:
        with Steps(console) as steps:
            starting = asyncio.create_task(system.start(steps))
            await asyncio.wait({starting, ending}, return_when=asyncio.FIRST_COMPLETED)
            if not starting.done():
                starting.cancel()
            await _only_reason(starting)
        if not asked_to_end.is_set():
            _welcome(console, system, settings, time.monotonic() - begun)
            await ending
    finally:
        if system.supervisor.pids:
            console.print("Ending the services, then Kafka and PostgreSQL…")
        await system.supervisor.stop()
        console.print(f"All ended. Your data stay in {settings.data}")


async def _only_reason(starting: asyncio.Task[None]) -> None:
    """Wait for the start; of several failures, raise the first that a person can act upon."""
    try:
        await starting
    except asyncio.CancelledError:
        return
    except BaseExceptionGroup as several:
        known = several.subgroup((Misconfigured, Died))
        if known is None:
            raise
        raise _first(known) from None


def _first(several: BaseExceptionGroup[BaseException]) -> BaseException:
    inner = several.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner


def _on_signals(asked_to_end: asyncio.Event, kill: Callable[[], None]) -> None:
    def asked() -> None:
        if asked_to_end.is_set():
            kill()
        asked_to_end.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, asked)


def _welcome(console: Console, system: System, settings: LocalSettings, seconds: float) -> None:
    from shared.identity.demo import DEMO_ACCOUNTS

    accounts = Table(title="Demo accounts (no password)", title_justify="left", box=None, show_header=False)
    for slug, account in DEMO_ACCOUNTS.items():
        accounts.add_row(f"  {slug}", account.person.title)
    console.print()
    console.print(accounts)
    console.print(f"\n[bold green]Convergence is up[/] [dim]after {seconds:.1f} s[/]\n")
    for entry in REGISTRY:
        console.print(f"  {entry.name:<12} [bold]{system.urls[entry.name].rstrip('/')}{entry.path}[/]")
    console.print(f"\n  data and logs in {settings.data}")
    console.print("  In another terminal: make demo. Here, Ctrl-C ends everything.\n")
