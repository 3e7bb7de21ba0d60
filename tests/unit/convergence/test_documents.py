"""The walk through the code names files that exist."""

import re

from deploy.local.settings import ROOT

NAMED = re.compile(r"`([\w.-]+(?:/[\w.-]+)*(?:\.(?:py|json|sql)|/))`")
FOLDER = re.compile(r"`(services/\w+)`")


def test_every_file_on_the_way_of_a_case_exists() -> None:
    folder, missing = ROOT / "services" / "request", []
    for line in (ROOT / "docs" / "follow-a-case.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = FOLDER.search(line)
            folder = ROOT / heading[1] if heading else ROOT
        missing += [name for name in NAMED.findall(line) if not any((at / name).exists() for at in (folder, ROOT))]
    assert missing == []
