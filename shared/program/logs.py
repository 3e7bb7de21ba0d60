"""Structured logs: names of facts (`review_decided`) and bound ids, never what a person wrote in a form."""

import logging
import sys

import structlog

from shared.program.settings import SiteSettings


def configure_logs(settings: SiteSettings, service: str) -> None:
    """One line per fact on standard output, as JSON, or in colours for a terminal."""
    level = getattr(logging, settings.log_level.upper())
    # No local variables in tracebacks: they would hold cookies and what people wrote.
    plain = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    renderers: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if settings.log_format == "console"
        else [structlog.processors.ExceptionRenderer(plain), structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *renderers,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout, format="%(levelname)s %(name)s %(message)s")
    structlog.contextvars.bind_contextvars(service=service)
