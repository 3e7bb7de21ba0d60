"""`python -m services.review [all|web|worker|migrate]`."""

import sys

from services.review.service import SERVICE
from shared.program.service import run

run(SERVICE, sys.argv[1:])
