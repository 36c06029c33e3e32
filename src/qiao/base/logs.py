"""Readable lines on a terminal and in the demo, JSON elsewhere. Never a request body, a code or a contact."""

from __future__ import annotations

import logging

import structlog


def formatter(*, readable: bool) -> logging.Formatter:
    """The one formatter of the process, for Django's, granian's and our own records alike."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if readable else "iso", utc=not readable),
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]
    last: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=False)
        if readable
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *([] if readable else [structlog.processors.format_exc_info]),
            last,
        ],
    )
