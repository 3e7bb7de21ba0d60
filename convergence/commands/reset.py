"""`convergence reset`: forget the data of the local system, after asking."""

import os

from rich.console import Console
from rich.markup import escape
from rich.prompt import Confirm

from deploy.local.processes.run import only_one
from deploy.local.servers.unprivileged import forget_data
from deploy.local.settings import Misconfigured, local_settings

_FORGOTTEN = ("postgres", "postgres.new", "kafka", "logs", "credentials.json")


def reset(*, yes: bool = False) -> None:
    """Delete the databases, the topics, the logs and the passwords of the local system. Kafka's program is kept.

    Parameters
    ----------
    yes
        Do not ask.
    """
    console = Console(highlight=False, soft_wrap=True)
    try:
        settings = local_settings()
        with only_one(settings):
            found = [path for name in _FORGOTTEN if os.path.lexists(path := settings.data / name)]
            if not found:
                console.print(f"Nothing to forget in {settings.data}")
                return
            question = f"Delete every request, review and purchase kept in {settings.data}? This cannot be undone."
            if not yes and not Confirm.ask(question, console=console, default=False):
                raise SystemExit("Nothing was deleted.")
            for path in found:
                forget_data(path)
            console.print(f"Deleted from {settings.data}: {', '.join(path.name for path in found)}")
    except Misconfigured as reason:
        console.print(f"[red]{escape(str(reason))}[/]")
        raise SystemExit(1) from None
