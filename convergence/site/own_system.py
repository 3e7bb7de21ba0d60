"""A whole system for the time of one command: its own folder and ports, nothing left behind."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from convergence.screen.failure import Failure
from deploy.local.attach import running_system
from deploy.local.processes.ports import free_port_variables
from deploy.local.processes.run import Run
from deploy.local.processes.supervisor import Died
from deploy.local.servers.unprivileged import temporary_folder
from deploy.local.settings import Misconfigured, local_settings


@contextmanager
def own_system(say: Callable[[str], None]) -> Iterator[Run]:
    """A system that is ready, ended with the block; raises `Failure` with the log where it does not come up."""
    say("Aucun système ne tourne ici : j’en démarre un pour la durée de la démonstration.")
    folder = temporary_folder("convergence-demo-")
    try:
        shared = {"CONVERGENCE_JARS": str(local_settings().jars)}
        settings = local_settings({**os.environ, **shared, **free_port_variables(), "CONVERGENCE_DATA": str(folder)})
        with running_system(lambda _: None, settings) as run:
            yield run
        say("Ce système est arrêté, ses données sont effacées.")
    except (Misconfigured, Died) as reason:
        raise Failure(str(reason)) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
