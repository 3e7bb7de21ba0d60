"""Business domains: complete enough for a hospital, each with CPV codes that exist."""

from pathlib import Path

import pytest

from shared.reference import domains
from shared.reference.files import DATA, BadReferenceData

SOFTWARE_DIVISIONS = ("48", "72")
"""Software packages; IT services."""


def test_there_are_forty_to_seventy_domains() -> None:
    assert 40 <= len(domains.domains()) <= 70


def test_every_default_cpv_code_is_about_software() -> None:
    for entry in domains.domains().values():
        assert all(code.startswith(SOFTWARE_DIVISIONS) for code in entry.cpv), entry.code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("planning du BLOC", "bloc-operatoire"),
        ("sterilisation des instruments", "sterilisation"),
        ("on n'arrive plus à joindre le brancardier", "prescription-transport"),
        ("radios et scanners", "imagerie-ris"),
        ("la paie", "rh-paie"),
    ],
)
def test_plain_words_find_their_domain(words: str, code: str) -> None:
    assert code in [entry.code for entry in domains.search(words)][:3]


def test_words_that_mean_nothing_find_nothing() -> None:
    assert domains.search("zzzz") == ()
    assert domains.search("") == ()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"48814300"', '"48814399"', "not a CPV code"),
        ('"code": "urgences"', '"code": "pharmacie"', "twice"),
        ('"official": false', '"official": true', "official"),
    ],
)
def test_a_bad_file_says_why(tmp_path: Path, old: str, new: str, reason: str) -> None:
    text = (DATA / "domains.json").read_text(encoding="utf-8")
    assert old in text
    bad = tmp_path / "domains.json"
    bad.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadReferenceData, match=reason):
        domains.load(bad)
