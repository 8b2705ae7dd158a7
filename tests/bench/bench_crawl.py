"""How fast a crawl asks, and how much of its time it waits for the answers.

The account is wide and plain: what costs is the calls, one for each queue, bucket and table.
"""

from __future__ import annotations

import os
import time

import boto3

from topology import crawl, demo
from topology.demo.shop import Shop

REGION = demo.DEMO_REGIONS[0]
QUEUES, BUCKETS, TABLES = 300, 150, 50


def main() -> None:
    """Print calls per second, and the part of the time in which this process did nothing."""
    with demo.serve() as emulator:
        os.environ |= demo.environment(emulator.endpoint_url)
        _seed(emulator.endpoint_url)
        connection = crawl.Connection()
        identity = crawl.identify(connection)
        began, busy = time.perf_counter(), time.process_time()
        seen = crawl.observe(connection, identity, REGION)
        took, worked = time.perf_counter() - began, time.process_time() - busy
    calls = sum(read.requests for read in seen.reads)
    print(f"{calls} calls in {took:.1f} s: {calls / took:.0f} calls/s, {len(seen.gaps)} gaps")
    print(f"{max(0.0, 1 - worked / took):.0%} of the time waiting for the emulator")


def _seed(endpoint_url: str) -> None:
    shop = Shop(boto3.session.Session(region_name=REGION), endpoint_url)
    for number in range(QUEUES):
        shop.queue(f"queue-{number}")
    for number in range(BUCKETS):
        shop.bucket(f"bench-bucket-{number}")
    for number in range(TABLES):
        shop.table(f"table-{number}")


if __name__ == "__main__":
    main()
