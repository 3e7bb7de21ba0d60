"""`python -m services.purchasing [all|web|worker|migrate]`."""

import asyncio
import sys

from services.purchasing.actions.enter_examples import enter_examples
from services.purchasing.service import SERVICE
from shared.program.service import run
from shared.program.settings import service_settings

if __name__ == "__main__":
    migrating = sys.argv[1:] == ["migrate"]
    if not migrating:
        asyncio.run(enter_examples(service_settings("purchasing")))
    run(SERVICE, sys.argv[1:])
    if migrating:
        asyncio.run(enter_examples(service_settings("purchasing")))
