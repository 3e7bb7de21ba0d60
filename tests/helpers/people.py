"""Who does what in the tests: the demo account of each check."""

from typing import Final

from shared.contracts.vocabulary import CheckKind

REVIEWERS: Final = {
    CheckKind.FUNCTIONAL: "reviewer-functional",
    CheckKind.INFRASTRUCTURE: "reviewer-infrastructure",
    CheckKind.SKILLS: "reviewer-skills",
    CheckKind.SECURITY: "rssi",
    CheckKind.PRIVACY: "dpo",
}
