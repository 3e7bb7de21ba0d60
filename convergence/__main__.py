"""The command line: `convergence up`, `convergence demo`, … A command is a module, imported when it is called."""

import sys

from cyclopts import App

from convergence.screen.failure import Failure

app = App(
    name="convergence", help="D’un besoin de logiciel à un logiciel en service : faire tourner, suivre les dossiers."
)
# The help is repeated here so that listing the commands imports none of them.
app.command("convergence.commands.up:up", help="Démarre PostgreSQL, Kafka et les services ; Ctrl-C arrête tout.")
app.command(
    "convergence.commands.demo:demo", help="Joue les demandes d’exemple, sur le système qui tourne ou sur un à elle."
)
app.command(
    "convergence.commands.import_requests:import_requests", name="import", help="Envoie les demandes d’un fichier CSV."
)
app.command(
    "convergence.commands.catalogue:app",
    name="catalogue",
    help="Le catalogue du GHT : importer les logiciels en service.",
)
app.command("convergence.commands.case:case", help="L’histoire d’un dossier, à travers les services.")
app.command("convergence.commands.topics:topics", help="Les sujets Kafka : qui écrit, qui lit, où chacun en est.")
app.command(
    "convergence.commands.parked:app", name="parked", help="Les messages écartés : liste, détail, rejeu, abandon."
)
app.command("convergence.commands.trail:app", name="trail", help="La piste des décisions est-elle intacte ?")
app.command("convergence.commands.reset:reset", help="Oublie les données du système local.")


def main() -> None:
    """Entry point of the program `convergence`."""
    try:
        app()
    except Failure as failure:
        from convergence.screen.console import visible

        sys.stderr.write(f"{visible(failure)}\n")
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
