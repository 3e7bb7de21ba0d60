"""The connections between the services and their servers, which can be cut and slowed.

Toxiproxy where a Go toolchain can build it (once, kept beside Kafka's jars); a relay of our own elsewhere.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import httpx

from deploy.local.processes.child import Child, Command
from deploy.local.processes.ports import free_ports
from deploy.local.settings import HOST
from faults.relay import Relay

MODULE = "github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0"
WAYS = ("upstream", "downstream")


class Wires(Protocol):
    """Named connections; each listens on a port of its own."""

    name: str

    async def lay(self, wire: str, listen: int, to: int) -> None:
        """Carry what comes to port `listen` to port `to`."""

    async def cut(self, wire: str) -> None:
        """Reset what is connected, and refuse what wants to."""

    async def mend(self, wire: str) -> None:
        """Carry again, at full speed."""

    async def slow(self, wire: str, milliseconds: int) -> None:
        """Hold what is carried up by about this long, each way."""

    async def close(self) -> None:
        """Nothing is carried any more."""


class Toxiproxy:
    """A toxiproxy process of our own."""

    name = "toxiproxy"

    def __init__(self, binary: Path, log: Path) -> None:
        [port] = free_ports(1)
        argv = (str(binary), "-host", HOST, "-port", str(port))
        self._child = Child(Command(name="toxiproxy", argv=argv, log=log))
        self._http = httpx.AsyncClient(base_url=f"http://{HOST}:{port}", transport=httpx.AsyncHTTPTransport(retries=9))

    async def lay(self, wire: str, listen: int, to: int) -> None:
        await self._ask("/proxies", {"name": wire, "listen": f"{HOST}:{listen}", "upstream": f"{HOST}:{to}"})

    async def cut(self, wire: str) -> None:
        await self._ask(f"/proxies/{wire}", {"enabled": False})

    async def mend(self, wire: str) -> None:
        await self._ask(f"/proxies/{wire}", {"enabled": True})
        for way in WAYS:
            await self._http.delete(f"/proxies/{wire}/toxics/{way}")

    async def slow(self, wire: str, milliseconds: int) -> None:
        attributes = {"latency": milliseconds, "jitter": milliseconds // 4}
        for way in WAYS:
            await self._http.delete(f"/proxies/{wire}/toxics/{way}")
            toxic = {"name": way, "type": "latency", "stream": way, "attributes": attributes}
            await self._ask(f"/proxies/{wire}/toxics", toxic)

    async def close(self) -> None:
        await self._http.aclose()
        await asyncio.to_thread(self._child.stop)

    async def _ask(self, path: str, body: dict[str, Any]) -> None:
        (await self._http.post(path, json=body)).raise_for_status()


class Relays:
    """The same without toxiproxy: a relay per wire in this process."""

    name = "own relay (no Go toolchain for toxiproxy)"

    def __init__(self) -> None:
        self._relays: dict[str, Relay] = {}

    async def lay(self, wire: str, listen: int, to: int) -> None:
        self._relays[wire] = Relay(listen, to)
        await self._relays[wire].open()

    async def cut(self, wire: str) -> None:
        await self._relays[wire].cut()

    async def mend(self, wire: str) -> None:
        self._relays[wire].delay = 0.0
        await self._relays[wire].open()

    async def slow(self, wire: str, milliseconds: int) -> None:
        self._relays[wire].delay = milliseconds / 1000

    async def close(self) -> None:
        for relay in self._relays.values():
            await relay.cut()


def wires(tools: Path, log: Path, say: Callable[[str], None]) -> Wires:
    """Toxiproxy, built on first use, or our own relays."""
    binary = toxiproxy(tools, say)
    return Relays() if binary is None else Toxiproxy(binary, log)


def toxiproxy(tools: Path, say: Callable[[str], None]) -> Path | None:
    """Its program, built where it is missing; none without a Go toolchain."""
    binary = tools / "toxiproxy-2.12.0" / "server"
    return binary if binary.exists() or _built(binary, say) else None


def _built(binary: Path, say: Callable[[str], None]) -> bool:
    go = shutil.which("go", path=os.environ.get("PATH", "") + ":/usr/local/go/bin")
    if go is None:
        return False
    say(f"building toxiproxy from its Go module ({MODULE}), once")
    environment = {**os.environ, "GOBIN": str(binary.parent)}
    done = subprocess.run([go, "install", MODULE], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        say(f"toxiproxy could not be built, so our own relay cuts and slows:\n{done.stderr[-400:]}")
    return done.returncode == 0
