"""Everything on one machine: web server here, Celery worker and beat as children, one crawl."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from topology import crawl


def serve(
    connection: crawl.Connection,
    regions: Sequence[str],
    *,
    host: str,
    port: int,
    say: Callable[[str], None],
) -> None:
    """Migrate, connect the account, crawl it, and serve until Ctrl-C or SIGTERM.

    Children inherit ``os.environ`` as it is now (set ``AWS_ENDPOINT_URL`` before, not after).
    ``say`` gets a line at a time: progress by region, the loops found, the address to open. When
    this returns or raises, no child is left. Raises ``CommandError`` for a taken port and
    ``crawl.CrawlError`` where the account cannot be reached, both before any child is started.
    """
    raise NotImplementedError
