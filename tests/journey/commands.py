"""The program `convergence` against a running site, as somebody in the hospital's IT would start it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from deploy.local.settings import ROOT
from tests.helpers.site import RunningSite


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def convergence(site: RunningSite, *arguments: str) -> Ended:
    """Run it to its end, with the addresses of the site in its environment."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CONVERGENCE_")}
    done = subprocess.run(
        [sys.executable, "-m", "convergence", *arguments],
        env=environ | {name: value for name, value in site.environment.items() if name.endswith(("_URL", "_KAFKA"))},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)
