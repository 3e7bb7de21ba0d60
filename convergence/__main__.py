"""The command line: `convergence up`, `convergence demo`, … A command is a module, imported when it is called."""

import sys

from cyclopts import App

from convergence.failure import Failure

app = App(
    name="convergence", help="D’un besoin de logiciel à un logiciel en service : faire tourner, suivre les dossiers."
)
# The help is repeated here so that listing the commands imports none of them.
app.command("convergence.up:up", help="Démarre PostgreSQL, Kafka et les trois services ; Ctrl-C arrête tout.")
app.command("convergence.demo:demo", help="Joue les demandes d’exemple, sur le système qui tourne ou sur un à elle.")
app.command("convergence.import_requests:import_requests", name="import", help="Envoie les demandes d’un fichier CSV.")
app.command(
    "convergence.catalogue:app", name="catalogue", help="Le catalogue du GHT : importer les logiciels en service."
)
app.command("convergence.case:case", help="L’histoire d’un dossier, à travers les services.")
app.command("convergence.topics:topics", help="Les sujets Kafka : qui écrit, qui lit, où chacun en est.")
app.command("convergence.parked:app", name="parked", help="Les messages écartés : liste, détail, rejeu, abandon.")
app.command("convergence.trail:app", name="trail", help="La piste des décisions est-elle intacte ?")
app.command("convergence.reset:reset", help="Oublie les données du système local.")


def main() -> None:
    """Entry point of the program `convergence`."""
    try:
        app()
    except Failure as failure:
        from convergence.screen import visible

        sys.stderr.write(f"{visible(failure)}\n")
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
