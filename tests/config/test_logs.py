"""Logs are one line each, and AWS libraries never tell what they hold."""

from __future__ import annotations

import logging
import logging.config
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog
from django.conf import settings

from config import logs

QUIET = ("boto3", "botocore", "botocore.endpoint", "botocore.credentials", "urllib3")


@contextmanager
def everything_is_logged() -> Iterator[None]:
    logging.config.dictConfig(logs.to_stderr("DEBUG"))
    yield
    logging.config.dictConfig(settings.LOGGING)


def ours(err: str) -> list[str]:
    """All but what the libraries of a test run say at this level."""
    return [line for line in err.splitlines() if " logger=asyncio " not in line]


def test_an_exception_is_one_line(capsys):
    with everything_is_logged():
        try:
            raise ValueError("two\nlines")
        except ValueError:
            logging.getLogger("topology.any").exception("it failed")
    (line,) = ours(capsys.readouterr().err)
    assert 'level=error logger=topology.any event="it failed" exception="Traceback' in line


def test_structured_events_and_plain_ones_look_alike(capsys):
    with everything_is_logged():
        structlog.get_logger("topology.any").info("it went well", run=7)
    (line,) = ours(capsys.readouterr().err)
    assert line.endswith('level=info logger=topology.any event="it went well" run=7')


@pytest.mark.parametrize("name", QUIET)
def test_aws_libraries_say_nothing_at_debug_level(name, capsys):
    with everything_is_logged():
        logging.getLogger(name).debug("Authorization: AWS4-HMAC-SHA256 Credential=secret")
    assert ours(capsys.readouterr().err) == []


@pytest.mark.parametrize("level", logs.LEVELS)
def test_they_are_no_louder_than_was_asked_for(level):
    loggers = logs.to_stderr(level)["loggers"]
    assert all(
        logs.LEVELS.index(loggers[name]["level"]) >= max(1, logs.LEVELS.index(level))
        for name in logs.PINNED
    )
