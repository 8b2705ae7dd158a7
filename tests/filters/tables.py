"""Tables of filters: each line gives one test per event."""

from __future__ import annotations

import pytest


def rows(table):
    """Parameters ``(filter, event, passes)`` of lines ``(filter, passing, failing)``."""
    return [
        pytest.param(
            text, event, passes, id=f"{text:.60} {'takes' if passes else 'not'} {event!r:.60}"
        )
        for text, passing, failing in table
        for passes, events in ((True, passing), (False, failing))
        for event in events
    ]
