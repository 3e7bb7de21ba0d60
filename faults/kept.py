"""Results that outlive the campaign: a folder with a file per finished seed, so that a campaign goes on where it stopped."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from faults.order import Terms
from faults.result import Result


class OtherCampaign(Exception):
    """The folder holds results of other code or of other terms; the message says which."""


class Kept:
    """Each result is on disk, whole, when `add` returns. A seed that broke down is noted, and runs again next time."""

    def __init__(self, folder: Path, terms: Terms, code: str, commit: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._check({"code": code, **json.loads(json.dumps(asdict(terms)))}, commit)

    def add(self, result: Result) -> None:
        _write(self._folder / f"seed-{result.seed:04}{'.broke' if result.crash else ''}.json", result.as_data())

    def finished(self) -> list[Result]:
        """Seeds that the checker judged, by number."""
        return [one for one in self._all() if not one.crash]

    def broken(self) -> list[Result]:
        """Seeds whose run broke down at some time, also where a later try came to its end."""
        return [one for one in self._all() if one.crash]

    def _all(self) -> list[Result]:
        files = sorted(self._folder.glob("seed-*.json"))
        return [Result.from_data(json.loads(file.read_text())) for file in files]

    def _check(self, now: dict[str, Any], commit: str) -> None:
        about = self._folder / "campaign.json"
        if not about.exists():
            return _write(about, {**now, "commit": commit})
        before = json.loads(about.read_text())
        other = [f"{name} {before.get(name)} → {value}" for name, value in now.items() if before.get(name) != value]
        if other:
            raise OtherCampaign(
                f"{self._folder} holds a campaign of commit {before['commit']}, and this is {commit}, with "
                f"{', '.join(other)}: take another folder"
            )
        return None


def _write(file: Path, data: dict[str, Any]) -> None:
    half = file.with_suffix(".new")
    with half.open("w") as out:
        json.dump(data, out, indent=1, ensure_ascii=False, default=str)
        out.flush()
        os.fsync(out.fileno())
    half.rename(file)
