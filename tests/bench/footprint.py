"""How much memory a crawl takes, in a process of its own: ``footprint.py URL SCOPES`` prints MiB.

Reads the region of an account ``SCOPES`` times, each time as if it were another account's: after
the first, after half and after all of them. The last number is the peak.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

from tests.bench.wide_account import ACCOUNT, REGION
from topology import catalog, crawl

PAGE = os.sysconf("SC_PAGE_SIZE") // 1024  # KiB


def main(url: str, scopes: int) -> None:
    """Print resident memory on the way, and its peak."""
    for service in catalog.services():
        service.rate = None
    sizes = []
    for number in range(scopes):
        identity = crawl.Identity("aws", str(int(ACCOUNT) + number), "arn:aws:iam::1:role/bench")
        crawl.observe(crawl.Connection(endpoint_url=url), identity, REGION)
        if number in (0, scopes // 2, scopes - 1):
            sizes.append(int(Path("/proc/self/statm").read_text().split()[1]) * PAGE // 1024)
    sizes.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    print(*sizes)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
