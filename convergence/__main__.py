"""The command line: `convergence up`, `convergence demo`, … A command is a module, imported when it is called."""

from cyclopts import App

app = App(
    name="convergence",
    help="From a software need to a software in service: run the system, follow its cases.",
)
# The help is repeated here so that listing the commands imports none of them.
app.command("convergence.up:up", help="Start PostgreSQL, Kafka and the three services; Ctrl-C ends all of it.")
app.command("convergence.reset:reset", help="Forget the data of the local system.")


def main() -> None:
    """Entry point of the program `convergence`."""
    app()


if __name__ == "__main__":
    main()
