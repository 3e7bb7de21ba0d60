"""`python -m services.request [all|web|worker|migrate]`."""

import sys

from services.request.service import SERVICE
from shared.program.service import run

if __name__ == "__main__":
    run(SERVICE, sys.argv[1:])
