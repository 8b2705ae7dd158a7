"""The wire, without the emulator: what a crawl asks, and how fast, of a server 40 ms away.

``FUNCTIONS`` sizes the account (2,000: the size of the published marks; 400 by default).
Peers that need other packages run from ``.venv/peers`` where that is there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.request import urlopen

from tests.bench.wide_account import ACCOUNT, REGION
from topology import catalog, crawl
from topology.catalog.service import Here
from topology.crawl import ask
from topology.crawl.ledger import plan
from topology.crawl.session import opened
from topology.graph import GLOBAL

FUNCTIONS = int(os.environ.get("FUNCTIONS", "400"))
LATENCY = 0.04  # seconds
LIMIT = 15.0  # requests per second of the whole Lambda control plane
ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".venv" / "peers" / "bin" / "python"
IDENTITY = crawl.Identity("aws", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:role/loopscope")


def main() -> None:
    """Print one line per way of asking."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
    rates = {service.client: service.rate for service in catalog.services()}
    _lift_rates()
    with served(FUNCTIONS) as url:
        _crawl(url)  # so that every answer is known
        requests = json.loads(urlopen(f"{url}/requests").read())
        counted(url)
        took, worked, gaps = _crawl(url)
        calls = sum(counted(url).values())
        print(f"{FUNCTIONS} functions, {LATENCY * 1000:.0f} ms: {calls} calls, {gaps} gaps")
        print(
            f"loopscope       {took:7.1f} s  {calls / took:6.0f} calls/s, "
            f"{calls / worked:.0f} per second of CPU"
        )
        sequential = _timed(lambda: _one_by_one(url))
        print(f"one by one      {sequential:7.1f} s  {sum(counted(url).values())} calls")
        theirs = _peer(sys.executable, "cartography", url)
        asked = sum(counted(url).values())
        print(
            f"cartography     {theirs:7.1f} s  {asked} calls: "
            f"{theirs / took:.0f} × the time, {asked / calls:.1f} × the calls of loopscope"
        )
        _aiobotocore(url, requests, took)
    _throttled()
    _footprints()
    _lift_rates(rates)


def _crawl(url: str, places: tuple[str, ...] = (REGION, GLOBAL)) -> tuple[float, float, int]:
    """Seconds, seconds of CPU and gaps of reading a region, and what has none."""
    began, busy = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(len(places)) as pool:  # as an audit reads them
        observe = partial(crawl.observe, crawl.Connection(endpoint_url=url), IDENTITY)
        seen = list(pool.map(observe, places))
    took = time.perf_counter() - began
    return took, time.process_time() - busy, sum(len(each.gaps) for each in seen)


def _one_by_one(url: str) -> None:
    """The same plan without threads: each call when the one before it has answered."""
    session = opened(crawl.Connection(endpoint_url=url))
    here = Here("aws", ACCOUNT, REGION)
    items: dict[object, list[object]] = {}
    for service, call in plan(REGION):
        above = [None] if call.for_each is None else items.get(call.for_each, [])
        for item in above:
            if call.where is None or item is None or call.where(item):
                answer = ask.ask(session, REGION, service, call, here, item)
                items.setdefault(call, []).extend(answer.items)


def _aiobotocore(url: str, requests: list[object], took: float) -> None:
    if not PEERS.exists():
        print("aiobotocore     not installed: make peers")
        return
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(requests, file)
        file.flush()
        theirs = _peer(str(PEERS), "aiobotocore", url, file.name)
    print(
        f"aiobotocore     {theirs:7.1f} s  {sum(counted(url).values())} calls: "
        f"{theirs / took:.1f} × the time of loopscope"
    )


def _throttled() -> None:
    """Against a server that lets 15 Lambda requests a second through."""
    functions = min(FUNCTIONS, 400)
    with served(functions, LIMIT) as url:
        _crawl(url)  # so that every answer is known; the limit holds from here on
        counted(url)
        for service in catalog.services():
            if service.client == "lambda":
                service.rate = 0.95 * LIMIT
        took, _, gaps = _crawl(url, (REGION,))
        counts = counted(url)
    asked = sum(number for name, number in counts.items() if name.startswith("lambda."))
    floor = (asked - LIMIT) / LIMIT
    print(
        f"{LIMIT:.0f}/s limit       {took:7.1f} s  {asked} Lambda calls, "
        f"{counts.get('throttled', 0)} throttled, {gaps} gaps; "
        f"the limit alone takes {floor:.1f} s: {took / floor - 1:+.0%}"
    )


def _footprints() -> None:
    """Memory of one large account, and of many empty ones after each other."""
    for functions, scopes, words in ((5000, 1, "5,000 functions"), (4, 40, "40 empty regions")):
        with served(functions) as url:
            ran = subprocess.run(
                [sys.executable, "-m", "tests.bench.footprint", url, str(scopes)],
                check=True,
                capture_output=True,
                text=True,
                cwd=ROOT,
            )
        *sizes, peak = ran.stdout.split()
        shown = f", {' → '.join(sizes)} on the way" if scopes > 1 else ""
        print(f"{words:<16}{peak:>7} MiB at most{shown}")


@contextmanager
def served(functions: int, limit: float = 0) -> Iterator[str]:
    """The replay server in a process of its own."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.replay", str(functions), str(LATENCY), str(limit)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert child.stdin
    assert child.stdout
    yield f"http://127.0.0.1:{child.stdout.readline().strip()}"
    child.stdin.close()
    child.wait()


def counted(url: str) -> dict[str, int]:
    """What the server answered since it was asked last."""
    told: dict[str, int] = json.loads(urlopen(f"{url}/counts").read())
    return told


def _lift_rates(rates: dict[str, float | None] | None = None) -> None:
    """Let every service be asked as fast as it answers, or as it was before."""
    for service in catalog.services():
        service.rate = (rates or {}).get(service.client)


def _peer(python: str, *arguments: str) -> float:
    ran = subprocess.run(
        [python, str(Path(__file__).parent / "peers.py"), *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(ran.stdout)


def _timed(work: object) -> float:
    began = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
