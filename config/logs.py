"""Logs: one line per event to standard error.

Source: https://www.structlog.org/en/stable/standard-library.html
"""

from __future__ import annotations

from typing import Any

import structlog

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
# At DEBUG these print credentials, policies and answers (docs/design.md §9).
PINNED = ("boto3", "botocore", "s3transfer", "urllib3")


def to_stderr(level: str) -> dict[str, Any]:
    """Django's ``LOGGING`` for a level name; also points structlog at it."""
    steps: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": steps,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.LogfmtRenderer(
                        key_order=["timestamp", "level", "logger", "event"]
                    ),
                ],
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # A role that cannot be assumed is told in one line; this would add a page of stack.
            "botocore.credentials": {"level": "ERROR"},
            # It warns of every request that waits for a thread.
            "waitress.queue": {"level": "ERROR"},
            # It warns of every rule of a style sheet that is for screens.
            "weasyprint": {"level": "ERROR"},
            **{name: {"level": max(level, "INFO", key=LEVELS.index)} for name in PINNED},
        },
    }
