"""What a file must be to be attached to a draft. Its bytes stay here; events carry its name only."""

import re
from hashlib import sha256
from uuid import UUID, uuid5

import puremagic

from services.request.model.refusals import FileRefused
from services.request.model.request import NewFile
from shared.contracts.need import AttachedFile

LARGEST = 10_000_000
"""Bytes of one file."""
MOST = 10
"""Files of one request."""
LONGEST_NAME = 120

# What people attach to a request, and the type that it is served with. Nothing in it can run in a browser.
ALLOWED: dict[str, str] = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
_TEXT = (".txt", ".csv")
_ARCHIVES = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")
ACCEPT = ",".join(ALLOWED)


def checked(case_id: UUID, name: str, content: bytes) -> NewFile:
    """The file under a safe name and its true type; raises `FileRefused` with what to do.

    Its id follows from case, name and content: sent again, it is the same file.
    """
    name = safe_name(name)
    extension = "." + name.rpartition(".")[2].lower()
    if extension not in ALLOWED:
        raise FileRefused(f"« {name} » : joignez un PDF, une image, un document bureautique ou un texte.")
    if not content:
        raise FileRefused(f"« {name} » est vide : choisissez un autre fichier.")
    if len(content) > LARGEST:
        raise FileRefused(f"« {name} » dépasse 10 Mo : réduisez-le, puis recommencez.")
    if not _is_what_it_says(extension, content):
        raise FileRefused(f"« {name} » n’est pas un fichier {extension} : enregistrez-le de nouveau, puis joignez-le.")
    media_type = ALLOWED[extension]
    attachment_id = uuid5(case_id, f"{sha256(content).hexdigest()} {name}")
    return NewFile(
        AttachedFile(attachment_id=attachment_id, name=name, media_type=media_type, size=len(content)), content
    )


def safe_name(name: str) -> str:
    """The last part of a path, without characters that a system or a header would read otherwise."""
    last = re.split(r"[/\\]", name)[-1]
    kept = re.sub(r"[^\w .,()’'-]", "_", last).strip(" .")
    stem, dot, extension = kept.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}{dot}{extension}" if dot else kept[:LONGEST_NAME] or "fichier"


def _is_what_it_says(extension: str, content: bytes) -> bool:
    if extension in _TEXT:
        return b"\x00" not in content[:4096]
    if extension in _ARCHIVES:
        return content.startswith(b"PK\x03\x04")
    try:
        found = puremagic.magic_string(content[:4096])
    except (puremagic.PureError, ValueError):
        return False
    return any(ALLOWED.get(match.extension) == ALLOWED[extension] for match in found)
