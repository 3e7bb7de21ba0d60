"""Starts the parts of a local system, starts again what dies, and ends everything in order."""

import asyncio
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

from deploy.local.processes.child import Child, Command
from deploy.local.settings import Misconfigured

T = TypeVar("T")
_BACKOFF: Final = (0.2, 1.0, 2.0, 5.0, 10.0)
_STEADY: Final = 30.0
"""Seconds of uptime after which the backoff starts anew."""


@dataclass(frozen=True)
class Part:
    """One program of the system. Parts of a higher stage stand on those of a lower one, and end before them."""

    name: str
    command: Callable[[], Command]
    ready: Callable[[], bool]
    stage: int
    prepare: Callable[[], None] = lambda: None
    patience: float = 60.0
    """Seconds that it may take to become ready."""


class Died(Exception):
    """A part ended, or did not become ready in time; the message holds the end of its log."""


class Supervisor:
    """Owns the children. `say` tells the person; `changed` is called when a child was started or is gone."""

    def __init__(self, say: Callable[[str], None], changed: Callable[[], None] = lambda: None) -> None:
        self._say = say
        self._changed = changed
        self._children: dict[str, tuple[Part, Child]] = {}
        self._watches: set[asyncio.Task[None]] = set()
        self.ending = False
        # Each wait for a process or an answer blocks a thread: more than the loop's default pool has.
        self._threads = ThreadPoolExecutor(32, thread_name_prefix="supervisor")

    @property
    def pids(self) -> dict[str, int]:
        """Process ids by name of the part."""
        return {name: child.pid for name, (_, child) in self._children.items()}

    async def start(self, part: Part) -> None:
        """Start it, wait until it is ready, and keep it up from then on. Raises `Died`."""
        child = await self._launch(part)
        watch = asyncio.create_task(self._keep_up(part, child), name=f"keep up {part.name}")
        self._watches.add(watch)

    async def run(self, command: Command) -> None:
        """Run it to its end. Raises `Died` on a non-zero exit; a cancelled run ends the program too."""
        child = Child(command)
        try:
            code = await self._blocking(child.wait)
        except asyncio.CancelledError:
            child.stop()
            raise
        if code:
            raise Died(f"{command.name} ended {_how(code)}:\n{child.said()}")

    async def stop(self) -> None:
        """End everything: the highest stage first, those of one stage together. No process is left."""
        self.ending = True
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        for stage in sorted({part.stage for part, _ in self._children.values()}, reverse=True):
            ending = [child for part, child in self._children.values() if part.stage == stage]
            await asyncio.gather(*(self._blocking(child.stop) for child in ending))
        self._threads.shutdown()

    def kill(self) -> None:
        """Kill everything at once: for a second Ctrl-C."""
        for _, child in self._children.values():
            child.signal_group(signal.SIGKILL)

    async def _launch(self, part: Part) -> Child:
        await self._blocking(part.prepare)
        child = Child(part.command())  # here, not in a thread: Linux ends a child with the thread that made it
        self._children[part.name] = (part, child)
        self._changed()
        deadline = time.monotonic() + part.patience
        while not await self._blocking(part.ready):
            if child.returncode is not None:
                raise Died(f"{part.name} ended {_how(child.returncode)} while starting:\n{child.said()}")
            if time.monotonic() > deadline:
                await self._blocking(child.stop)
                raise Died(f"{part.name} was not ready after {part.patience:.0f} s:\n{child.said()}")
            await asyncio.sleep(0.05)
        return child

    async def _keep_up(self, part: Part, child: Child | None) -> None:
        deaths = 0
        while True:
            born = time.monotonic()
            if child is not None:
                code = await self._blocking(child.wait)
                child.signal_group(signal.SIGKILL)
                deaths = 0 if time.monotonic() - born > _STEADY else deaths
                self._say(f"{part.name} ended {_how(code)}; starting it again")
            await asyncio.sleep(_BACKOFF[min(deaths, len(_BACKOFF) - 1)])
            deaths += 1
            try:
                child = await self._launch(part)
            except (Died, Misconfigured, OSError) as death:
                child = None
                self._say(f"{death}\nTrying again in {_BACKOFF[min(deaths, len(_BACKOFF) - 1)]:.0f} s")
            else:
                self._say(f"{part.name} is back")

    async def _blocking(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _how(code: int) -> str:
    if code < 0:
        return f"by {signal.Signals(-code).name}"
    return f"with code {code}"
