"""A whole HTTP answer to a request that never reaches the application, and one log line about many of them."""

import asyncio
from collections import Counter
from http import HTTPStatus

import orjson
import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.basics.errors import Refusal
from shared.basics.ids import random_id
from shared.web import problems
from shared.web.http.addresses import is_api
from shared.web.http.refusals import OverLimit
from shared.web.pages.templating import HERE
from shared.web.pages.typography import FILTERS, FrenchTypography

LOG_SECONDS = 10
log = structlog.get_logger("web")

_environment = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    extensions=[FrenchTypography],
)
_environment.filters |= FILTERS
_page = _environment.get_template("refused.html")
_HEADERS = (
    b"cache-control: no-store\r\nx-content-type-options: nosniff\r\nx-frame-options: DENY\r\n"
    b"referrer-policy: same-origin\r\ncontent-security-policy: default-src 'none'; frame-ancestors 'none'\r\n"
    b"connection: close\r\n"
)


def answer(refusal: Refusal, path: str | None) -> bytes:
    """Status line, headers and body: a page for a page's `path`, a problem document for others and where it is not known."""
    reference = str(random_id())
    if path is None or is_api(path):
        kind, body = b"application/problem+json", orjson.dumps(problems.content(refusal, reference))
    else:
        context = {"refusal": refusal, "heading": problems.title(refusal.status), "reference": reference}
        kind, body = b"text/html; charset=utf-8", _page.render(context).encode()
    wait = refusal.retry_after if isinstance(refusal, OverLimit) else 0
    return b"".join(
        (
            b"HTTP/1.1 %d %s\r\n" % (refusal.status, HTTPStatus(refusal.status).phrase.encode()),
            b"content-type: %s\r\ncontent-length: %d\r\n" % (kind, len(body)),
            b"retry-after: %d\r\n" % wait if wait else b"",
            _HEADERS,
            b"\r\n",
            body,
        )
    )


class Tally:
    """Counts refusals by slug and writes one log line in `LOG_SECONDS`, however many there are."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, refusal: Refusal) -> None:
        """Count one more; must be called in a running event loop."""
        if not self._counts:
            asyncio.get_running_loop().call_later(LOG_SECONDS, self._write)
        self._counts[refusal.slug] += 1

    def _write(self) -> None:
        log.warning("requests_over_limits", seconds=LOG_SECONDS, counts=dict(self._counts))
        self._counts.clear()
