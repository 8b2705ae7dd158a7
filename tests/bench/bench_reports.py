"""A report of 100 loops in every format, and a graph of 100,000 edges as a stream."""

from __future__ import annotations

import copy
import os
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from accounts import tokens  # noqa: E402
from accounts.models import Membership, User, Workspace  # noqa: E402
from tests.store.observations import (  # noqa: E402
    account,
    bucket,
    function,
    notification,
    observation,
    staged_run,
)
from tests.web.scene import example  # noqa: E402
from topology import runs, store  # noqa: E402
from topology.graph import Edge, Filter, Resource, canonical_json  # noqa: E402
from topology.reports.formats import drawn, formats  # noqa: E402
from topology.reports.masking import masked  # noqa: E402

LOOPS = 100
EDGES = (10_000, 100_000)
EACH = 100  # buckets, and functions
# What hears every key is a finding, and 100,000 findings are no question of edges.
IN = Filter(
    "s3.notification",
    canonical_json(
        {
            "Events": ["s3:ObjectCreated:*"],
            "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}},
        }
    ),
)


def main() -> None:
    """Print seconds and sizes; the issue asks for HTML within 2 s, and for flat memory."""
    report = large()
    for name, chosen in formats().items():
        spent = Spent()
        size = len(chosen.written(report))
        print(f"{LOOPS} loops as {name}: {spent}, {size / 1024:,.0f} KiB")
    spent = Spent()
    masked(report, b"key")
    print(f"{LOOPS} loops masked: {spent}")
    call_command("migrate", verbosity=0)
    for edges in EDGES:
        _export(edges)


class Spent:
    """Seconds since it was made, on the clock and of the processor: other work may run beside."""

    def __init__(self) -> None:
        self._clock, self._cpu = time.perf_counter(), time.process_time()

    def __str__(self) -> str:
        clock, cpu = time.perf_counter() - self._clock, time.process_time() - self._cpu
        return f"{clock:.2f} s ({cpu:.2f} s of processor)"


def large() -> dict[str, Any]:
    """The example report with its loops repeated, each with a fingerprint of its own."""
    whole = example()
    known = whole["loops"]
    loops = [copy.deepcopy(known[number % len(known)]) for number in range(LOOPS)]
    for number, loop in enumerate(loops):
        loop["fingerprint"], loop["number"] = f"{number:016x}", number + 1
    return {**whole, "loops": loops}


def _export(edges: int) -> None:
    """Publish a graph of so many edges, and stream it: once for the time, once for the memory."""
    resources, wiring = _wide(edges)
    store.publish(staged_run(account(), observation(resources, wiring)))
    space = account().workspace
    runs.analyse_latest(space)
    del resources, wiring
    ndjson = drawn()["ndjson"]
    spent = Spent()
    size = sum(map(len, ndjson.streamed(runs.wholly(space))))
    told = str(spent)
    api, of_space = _program(space), f"/api/v1/workspaces/{space.slug}"
    tracemalloc.start()
    assert sum(map(len, api.get(f"{of_space}/graph/ndjson"))) == size
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(
        f"{edges:,} edges as NDJSON: {told}, {size / 2**20:.0f} MiB, "
        f"by the API with memory of {peak / 2**20:.0f} MiB at most"
    )
    for which in ("first", "second"):
        spent = Spent()
        api.get(f"{of_space}/edges?limit=500")
        print(f"{which} page of 500 of {edges:,} edges by the API: {spent}")


def _program(space: Workspace) -> Client:
    """What calls the API with a token of its own."""
    user, _ = User.objects.get_or_create(username="bench")
    member, _ = Membership.objects.get_or_create(user=user, workspace=space)
    _, token = tokens.make(member, "bench", ())
    return Client(headers={"Authorization": f"Bearer {token}"}, SERVER_NAME="localhost")


def _wide(edges: int) -> tuple[list[Resource], list[Edge]]:
    """The same 200 resources, whatever the number of edges between them."""
    buckets = [f"b{number}" for number in range(EACH)]
    functions = [f"f{number}" for number in range(EACH)]
    resources = [*map(bucket, buckets), *map(function, functions)]
    return resources, list(_notifications(edges, buckets, functions))


def _notifications(edges: int, buckets: list[str], functions: list[str]) -> Iterator[Edge]:
    for number in range(edges):
        on, to = buckets[number % EACH], functions[number // EACH % EACH]
        yield replace(notification(on, to, f"n{number}"), filter=IN)


if __name__ == "__main__":
    main()
