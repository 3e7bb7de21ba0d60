"""Brings the peers' programs into a cache folder: jars by Maven, Python packages into an environment of their own.

The folder lies beside Kafka's jars, is ignored by git, and is filled once; versions are those of the files beside this.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.local.settings import local_settings

HERE = Path(__file__).parent
_JOURNEY = HERE / "java" / "Journey.java"
# The version is fixed: the plugin that a Maven brings by itself depends on the Maven.
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_VERSION = {
    "camunda": ("camunda/pom.xml", r"camunda-engine</artifactId><version>([^<]+)"),
    "flowable": ("flowable/pom.xml", r"flowable-engine</artifactId><version>([^<]+)"),
    "spiff": ("requirements.txt", r"spiffworkflow==(\S+)"),
    "dbos": ("requirements.txt", r"dbos==(\S+)"),
}


class Missing(Exception):
    """This machine cannot run a peer; the message says what to install."""


def version(peer: str) -> str:
    """As it is pinned."""
    file, pattern = _VERSION[peer]
    found = re.search(pattern, (HERE / file).read_text())
    assert found is not None, f"{file} does not say the version of {peer}"
    return found[1]


def java_command(peer: str) -> list[str]:
    """How to start a Java peer; raises `Missing`."""
    sources = HERE / peer
    cache = _cache(peer, _JOURNEY.read_bytes(), *(file.read_bytes() for file in sorted(sources.iterdir())))
    if absent := [name for name in ("java", "javac", "mvn") if shutil.which(name) is None]:
        raise Missing(f"{peer} needs {', '.join(absent)} on the PATH: install a JDK 17 or later, and Maven")
    libraries, classes = cache / "libs", cache / "classes"
    if not (cache / "whole").exists():
        _do("mvn", "-q", "-B", "-f", sources / "pom.xml", _COPY, f"-DoutputDirectory={libraries}",
            "-DincludeScope=runtime")  # fmt: skip
        _do("javac", "-d", classes, "-cp", f"{libraries}/*", _JOURNEY, sources / "Main.java")
        (cache / "whole").touch()
    return ["java", "-Xmx1g", "-cp", f"{libraries}/*:{classes}:{sources}", "Main"]


def python_command(program: str) -> list[str]:
    """How to start a Python peer; raises `Missing`."""
    requirements = HERE / "requirements.txt"
    cache = _cache("python", requirements.read_bytes(), sys.version.encode())
    python = cache / "bin" / "python"
    if not (cache / "whole").exists():
        _do(sys.executable, "-m", "venv", cache)
        _do(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
            "--require-hashes", "--requirement", requirements)  # fmt: skip
        (cache / "whole").touch()
    return [str(python), "-W", "ignore", str(HERE / program)]


def _cache(name: str, *contents: bytes) -> Path:
    """Another folder for each content, so that a changed version is never mixed with an older one."""
    digest = hashlib.sha256(b"\0".join(contents)).hexdigest()[:12]
    folder = local_settings().jars.parent / "peers" / f"{name}-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _do(*words: object) -> None:
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"{Path(str(words[0])).name} failed:\n{(done.stdout + done.stderr)[-3000:]}")
