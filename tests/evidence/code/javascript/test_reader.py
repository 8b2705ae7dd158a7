"""What is found in functions written in JavaScript and TypeScript."""

from __future__ import annotations

import pytest

from tests.evidence.code.handler import Handler
from tests.evidence.code.javascript_handlers import HANDLERS
from topology.evidence.code.javascript import read_javascript


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda handler: handler.name)
def test_it_finds_the_calls_or_says_what_it_does_not_follow(handler: Handler) -> None:
    reading = read_javascript(handler.files, handler.handler)
    assert set(handler.calls) <= {(call.service, call.operation) for call in reading.calls}
    assert reading.is_complete == handler.complete


@pytest.mark.parametrize("source", [b"", b"\xff\xfe\x00", b"(" * 50_000, b"a+" * 50_000 + b"a"])
def test_it_never_raises(source: bytes) -> None:
    read_javascript({"index.js": source}, "index.handler")


def test_it_doubts_a_package_without_the_handlers_file() -> None:
    assert not read_javascript({}, "index.handler").is_complete
