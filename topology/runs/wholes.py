"""Work on all that a workspace knows: a process does one piece of it at a time.

Four threads at once would take four times the memory and, as it is Python's own work, no less time.
"""

from __future__ import annotations

from threading import Lock

WHOLE_WORKSPACE = Lock()
