"""A TCP relay that can be cut and slowed: what stands in for toxiproxy where it cannot be built."""

import asyncio
from contextlib import suppress

from deploy.local.settings import HOST

CHUNK = 65_536


class Relay:
    """Carries a port to another. `delay`: seconds that each piece is held up, either way."""

    def __init__(self, listen: int, to: int) -> None:
        self.delay = 0.0
        self._listen = listen
        self._to = to
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        """Listen; again changes nothing."""
        if self._server is None:
            self._server = await asyncio.start_server(self._carry, HOST, self._listen)

    async def cut(self) -> None:
        """Reset every connection and stop listening."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in tuple(self._open):
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection(HOST, self._to)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, back}
        try:
            await asyncio.gather(self._pump(reader, back), self._pump(there, writer))
        finally:
            for one in (writer, back):
                self._open.discard(one)
                one.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await source.read(CHUNK):
                if self.delay:
                    await asyncio.sleep(self.delay)
                sink.write(chunk)
                await sink.drain()
        sink.transport.abort()
