"""The demo as a whole: the catalogue, the file of requests, then every case to its end, several at once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiokafka.errors import KafkaError

from convergence.commands.catalogue import Told, publish
from convergence.commands.import_requests import Sent, send_all
from convergence.files.catalogue_file import read_catalogue
from convergence.files.csv_file import BadLine
from convergence.files.request_file import read_requests
from convergence.scenario.cast import AUDITOR
from convergence.scenario.play import Way, play
from convergence.scenario.stage import Stage
from convergence.screen.failure import Failure
from convergence.site.addresses import Site
from convergence.site.api import Api, apis_of, until
from shared.reference.demo_data import CATALOGUE, REQUESTS, DemoScript, demo_script

AT_ONCE: Final = 8
Tell = Callable[[str], None]
Moved = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Played:
    """What came of it: the catalogue, the lines sent and refused, and the way of each case in the file's order."""

    catalogue: Told
    sent: tuple[Sent, ...]
    bad: tuple[BadLine, ...]
    ways: tuple[Way, ...]
    lost: tuple[str, ...]
    """Why the cases that are not among the ways did not arrive."""
    script: DemoScript

    @property
    def changed(self) -> bool:
        """Whether anything had to be done: a second run finds everything as it left it."""
        new = self.catalogue.published or self.catalogue.changed or any(not one.already for one in self.sent)
        return bool(new) or any(way.acts for way in self.ways)

    @property
    def bad_as_expected(self) -> bool:
        """Whether the bad lines of the file are those that the script names, each with the column at fault."""
        return {(bad.reference, bad.column) for bad in self.bad} == {
            (line.reference, line.field) for line in self.script.bad_lines
        }

    @property
    def as_expected(self) -> bool:
        """Whether everything went as the script says."""
        return self.bad_as_expected and not self.lost and all(way.as_expected for way in self.ways)


async def run(site: Site, kafka: str, prefix: str, patience: float, tell: Tell, moved: Moved) -> Played:
    """Play everything; raises `Failure` where something does not arrive within `patience` seconds."""
    async with apis_of(site, patience=patience, tell=tell) as api:
        catalogue = await _catalogue(api, kafka, prefix, patience, tell)
        file = read_requests(REQUESTS)
        moved("demandes", 0, len(file.good))
        sent, refused = await send_all(api, file.good)
        ends = await _play_all(api, sent, patience, tell, moved)
    bad = sorted((*file.bad, *refused), key=lambda line: line.line)
    ways = tuple(end for end in ends if isinstance(end, Way))
    lost = tuple(str(end) for end in ends if isinstance(end, Failure))
    return Played(catalogue, tuple(sent), tuple(bad), ways, lost, demo_script())


async def _catalogue(api: Api, kafka: str, prefix: str, patience: float, tell: Tell) -> Told:
    """Publish the example catalogue, and wait until the form can compare needs with it."""
    entries = read_catalogue(CATALOGUE).entries
    away = False

    async def published() -> Told | None:
        nonlocal away
        try:
            return await publish(kafka, prefix, entries)
        except (KafkaError, OSError, TimeoutError):
            if not away:
                tell(f"Kafka ne répond pas à {kafka}. J’attends son retour, {patience / 60:.0f} min au plus.")
            away = True
            return None

    told = await until(published, f"Kafka ne répond pas à {kafka}", patience)
    wanted = {str(entry.entry_id) for entry in entries}

    async def read() -> bool | None:
        found, after = set(), None
        while True:
            page = await api.get("request", "/catalogue", AUDITOR, after=after, limit=200)
            found |= {entry["entry_id"] for entry in page["entries"]}
            after = page["next"]
            if after is None:
                return True if wanted <= found else None

    await until(read, "Le catalogue n’arrive pas au service des demandes", patience)
    return told


async def _play_all(api: Api, sent: list[Sent], patience: float, tell: Tell, moved: Moved) -> list[Way | Failure]:
    """The end of each case; one that fails does not stop the others."""
    turn, done, worries = asyncio.Semaphore(AT_ONCE), 0, set[str]()

    async def one(request: Sent) -> Way | Failure:
        nonlocal done
        async with turn:
            line = demo_script().line(request.reference)
            try:
                end: Way | Failure = await play(Stage(api, line, request.case_id, patience, tell, worries))
            except Failure as failure:
                end = Failure(f"{request.case_reference} ({request.reference}) : {failure}")
        done += 1
        moved("dossiers", done, len(sent))
        return end

    moved("dossiers", 0, len(sent))
    return await asyncio.gather(*(one(request) for request in sent))
