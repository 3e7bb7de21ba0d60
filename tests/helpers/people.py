"""Who does what in the tests: the demo account of each check."""

from typing import Final

from convergence.scenario import cast
from shared.contracts.vocabulary import CheckKind

REVIEWERS: Final = {kind: cast.reviewer(kind) for kind in CheckKind}
