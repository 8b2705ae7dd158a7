"""Logs are one line each, and AWS libraries never tell what they hold."""

from __future__ import annotations

import logging
import logging.config
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings

from config import logs

QUIET = ("boto3", "botocore", "botocore.endpoint", "botocore.credentials", "urllib3")


@pytest.fixture
def configured(capsys) -> Iterator[None]:
    logging.config.dictConfig(logs.to_stderr("DEBUG"))
    yield
    logging.config.dictConfig(settings.LOGGING)


def test_an_exception_is_one_line(configured, capsys):
    try:
        raise ValueError("two\nlines")
    except ValueError:
        logging.getLogger("topology.any").exception("it failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert 'level=error logger=topology.any event="it failed" exception="Traceback' in line


def test_structured_events_and_plain_ones_look_alike(configured, capsys):
    structlog.get_logger("topology.any").info("it went well", run=7)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith('level=info logger=topology.any event="it went well" run=7')


@pytest.mark.parametrize("name", QUIET)
def test_aws_libraries_say_nothing_at_debug_level(configured, name, capsys):
    logging.getLogger(name).debug("Authorization: AWS4-HMAC-SHA256 Credential=secret")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("level", logs.LEVELS)
def test_they_are_no_louder_than_was_asked_for(level):
    loggers = logs.to_stderr(level)["loggers"]
    assert all(
        logs.LEVELS.index(loggers[name]["level"]) >= max(1, logs.LEVELS.index(level))
        for name in logs.PINNED
    )
