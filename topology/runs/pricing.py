"""Which prices hold: those that come with Loopscope, or a newer copy in the data directory."""

from __future__ import annotations

from pathlib import Path

import structlog
from django.conf import settings

from topology.analysis.prices import PriceList, PricesError, packaged, parse

log = structlog.get_logger(__name__)


def copy() -> Path:
    """Where ``loopscope prices`` keeps what it fetched."""
    return Path(settings.DATA_DIR) / "prices.json"


def prices() -> PriceList:
    """The newer of the two; a copy that cannot be read is logged, and stands in nobody's way."""
    try:
        kept = parse(copy().read_text("utf-8"))
    except FileNotFoundError:
        return packaged()
    except (OSError, ValueError) as error:
        reason = str(error) if isinstance(error, PricesError) else type(error).__name__
        log.warning("the copy of the prices cannot be used", path=str(copy()), reason=reason)
        return packaged()
    return kept if kept.as_of >= packaged().as_of else packaged()
