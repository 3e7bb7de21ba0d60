"""Uvicorn's HTTP protocol with limits: bytes are counted as they arrive, before the parser keeps any of them."""

import asyncio
from enum import Enum
from typing import Any

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from shared.basics.errors import Refusal
from shared.web.api.bodies import LARGEST_UPLOAD
from shared.web.http import refusals
from shared.web.http.crowd import Crowd
from shared.web.http.refused import answer
from shared.web.problems import BadRequest

SPARE_SECONDS = 2.0
LINGER_SECONDS = 2.0
"""How long a caller may go on sending after a refusal: closing at once would take the refusal back (TCP reset)."""
LINGER_BYTES = 1_000_000
AHEAD = 16
"""Requests that one connection may send before the first is answered."""
PROBES = b"/health/"


class _Stage(Enum):
    """What of a request is arriving."""

    NOTHING = "nothing"
    HEAD = "head"
    BODY = "body"


class _Stop(Exception):
    """Raised inside a parser callback after a refusal."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection. `crowd` first, the rest as uvicorn gives it."""

    def __init__(
        self,
        crowd: Crowd,
        *,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.crowd = crowd
        self.limits = crowd.limits
        self._address: str | None = None
        self._turned_away: Refusal | None = None
        self._stage = _Stage.NOTHING
        # Bytes fed to the parser since it last gave a piece of body or the end of a head: what it may be keeping.
        self._kept = 0
        self._progress = False
        self._body_bytes = 0
        self._awaited: _Stage | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._stuck: asyncio.TimerHandle | None = None
        self._end: asyncio.TimerHandle | None = None
        self._refused = False
        self._drained = 0

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.crowd.origins.of_peer(self.client[0] if self.client else None)
        self._turned_away, has_place = self.crowd.enter(self._address, len(self.connections))
        if self._turned_away is not None and not has_place:
            self._refuse(self._turned_away, linger=False)
        else:
            self._await(_Stage.HEAD)

    def connection_lost(self, exc: Exception | None) -> None:
        self.crowd.leave(self._address)
        for timer in (self._deadline, self._stuck, self._end, self.timeout_keep_alive_task):
            if timer is not None:
                timer.cancel()
        self.pipeline.clear()
        super().connection_lost(exc)

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._end = self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stuck = self.loop.call_later(self.limits.answer_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    # What arrives

    def data_received(self, data: bytes) -> None:
        if self._refused:
            self._drained += len(data)
            if self._drained > LINGER_BYTES:
                self.flow.pause_reading()
            return
        self._unset_keepalive_if_required()
        rest = memoryview(data)
        while rest and not self._refused:
            room = self.limits.head_bytes - self._kept
            self._feed(rest[:room])
            rest = rest[room:]
        if not self._refused:
            self._watch()

    def _feed(self, piece: memoryview) -> None:
        self._progress = False
        try:
            self.parser.feed_data(piece)
        except httptools.HttpParserUpgrade:
            pass  # there is nothing to upgrade to: the request is answered as it is, without a line in the log
        except httptools.HttpParserError:
            if not self._refused:
                self._refuse(BadRequest())
            return
        if self._progress:
            self._kept = 0
            return
        self._kept += len(piece)
        if fault := self._fault_of_head():
            self._refuse(fault)

    def _fault_of_head(self) -> Refusal | None:
        if self._stage is not _Stage.NOTHING:
            if len(self.url) > self.limits.address_bytes:
                return refusals.AddressTooLong()
            if len(self.headers) > self.limits.head_fields:
                return refusals.HeadTooLarge()
        return refusals.HeadTooLarge() if self._kept >= self.limits.head_bytes else None

    def on_message_begin(self) -> None:
        self._stage = _Stage.HEAD
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        fault = self._turned_away if not self.url.startswith(PROBES) else None
        fault = fault or self._fault_of_head()
        if fault is None and len(self.pipeline) >= AHEAD:
            fault = refusals.TooManyAtOnce()
        if fault is not None:
            self._refuse(fault)
            raise _Stop
        super().on_headers_complete()
        if self._turned_away is not None:
            self.cycle.keep_alive = False
        self._stage, self._body_bytes, self._progress = _Stage.BODY, 0, True

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        self._progress = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._stage, self._progress = _Stage.NOTHING, True
        super().on_message_complete()

    # Time

    def _watch(self) -> None:
        """Wait for the rest of a request, or for the next one after bytes that began none; not while answering."""
        if self._stage is _Stage.BODY:
            self._await(_Stage.BODY)
        elif self._stage is _Stage.HEAD or self._is_idle():
            self._await(_Stage.HEAD)
        else:
            self._await(None)

    def _is_idle(self) -> bool:
        latest: RequestResponseCycle | None = self.__dict__["cycle"]  # None until the first request
        return latest is None or latest.response_complete

    def _await(self, stage: _Stage | None) -> None:
        if stage is self._awaited:
            return
        self._awaited = stage
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if stage is _Stage.HEAD:
            seconds = SPARE_SECONDS if self._turned_away else self.limits.head_seconds
            self._deadline = self.loop.call_later(seconds, self._late_head)
        elif stage is _Stage.BODY:
            self._deadline = self.loop.call_later(self.limits.body_seconds, self._late_body, 0.0)

    def _late_head(self) -> None:
        if self.transport.is_closing():
            return
        if self._turned_away is not None:
            self._refuse(self._turned_away)
        elif self._stage is _Stage.NOTHING:  # browsers open connections ahead of need: no answer to no question
            self.timeout_keep_alive_handler()
        else:
            self._refuse(refusals.TooSlow())

    def _late_body(self, granted: float) -> None:
        """More time for what arrived at the wanted rate, and for what this process did not want to read yet."""
        if self.transport.is_closing():
            return
        earned = min(self._body_bytes, LARGEST_UPLOAD) / self.limits.body_rate
        more = self.limits.body_seconds if self.flow.read_paused else earned - granted
        if more <= 0:
            self._refuse(refusals.TooSlow())
        else:
            self._deadline = self.loop.call_later(more, self._late_body, max(earned, granted))

    def _refuse(self, refusal: Refusal, *, linger: bool = True) -> None:
        """Answer if this request is the one to be answered now; what comes after it is thrown away until the end."""
        self.crowd.tally.add(refusal)
        self._refused = True
        self._await(None)
        self._unset_keepalive_if_required()
        answerable = self._is_answerable()
        if not self._is_idle():
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.pipeline.clear()
        if answerable:
            self.transport.write(answer(refusal, self._path()))
        if answerable and linger:
            self.transport.write_eof()
            self.flow.resume_reading()
        else:
            self.transport.close()
        self._end = self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def _is_answerable(self) -> bool:
        """Whether the next answer on this connection is the one to the request at fault, and has not begun."""
        if self._stage is _Stage.BODY:
            return not self.cycle.response_started and not self.pipeline
        return self._is_idle()

    def _path(self) -> str | None:
        """The path of the request that is arriving, as far as it has."""
        if self._stage is _Stage.NOTHING or not self.url:
            return None
        return self.url.partition(b"?")[0].decode("latin-1")
