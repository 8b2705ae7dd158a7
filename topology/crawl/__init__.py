"""The wire: from a connection to an observation. Nothing else speaks to AWS."""

from topology.crawl.errors import CrawlError
from topology.crawl.observe import follow, observe, planned
from topology.crawl.regions import regions
from topology.crawl.session import Connection, Identity, identify, must_be

__all__ = [
    "Connection",
    "CrawlError",
    "Identity",
    "follow",
    "identify",
    "must_be",
    "observe",
    "planned",
    "regions",
]
