"""What would stop the loops of an analysis; a report does without rather than fail."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from topology.analysis import Analysis
from topology.analysis.cuts import Remedy, remedies

log = structlog.get_logger(__name__)
FAILED = "What would stop it could not be worked out (see the log)."


def proposed(analysis: Analysis) -> Mapping[str, Remedy]:
    """By fingerprint what would stop each loop. A failure is logged and said of every loop."""
    try:
        return remedies(analysis)
    except Exception:
        log.exception("no cuts could be worked out")
        return {loop.fingerprint: Remedy(note=FAILED) for loop in analysis.loops}
