"""`python -m services.request [all|web|worker|migrate]`."""

import sys

from services.request.service import request_service
from shared.program.service import run

if __name__ == "__main__":
    run(request_service(), sys.argv[1:])
