"""The wire: from a connection to an observation. Nothing else speaks to AWS."""

from topology.crawl.discovering import members
from topology.crawl.errors import CrawlError
from topology.crawl.hearing import ChangeQueue, Message
from topology.crawl.observe import follow, observe, planned
from topology.crawl.regions import regions
from topology.crawl.session import Connection, Identity, identify, must_be
from topology.crawl.trying import must_ask_for_its_external_id, tried

__all__ = [
    "ChangeQueue",
    "Connection",
    "CrawlError",
    "Identity",
    "Message",
    "follow",
    "identify",
    "members",
    "must_ask_for_its_external_id",
    "must_be",
    "observe",
    "planned",
    "regions",
    "tried",
]
