"""Tables of filters: a line is a filter, the events that pass it, and events that do not."""

from __future__ import annotations

import pytest


def lines(table):
    """One test per line, called by its filter."""
    return [pytest.param(*line, id=f"{number} {line[0]:.70}") for number, line in enumerate(table)]


def assert_takes(matches, passing, failing):
    """Fail with the events that a matcher takes for what they are not."""
    assert [event for event in passing if matches(event) is not True] == []
    assert [event for event in failing if matches(event) is not False] == []
