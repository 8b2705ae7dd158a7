"""Same account, same bytes: neither the order of a crawl nor a hash seed leaves a trace."""

from __future__ import annotations

import os
import pickle
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.demo.conftest import observations
from tests.reports.written import as_json
from topology import runs
from topology.graph import Observation
from topology.reports import json_report
from topology.reports.formats import formats
from topology.reports.report import Report

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ORDERS = 100
HASH_SEEDS = ("1", "4294967295")
RENDER = """
import pickle, sys
import django
django.setup()
from topology import runs
from tests.demo.test_same_bytes import everything
sys.stdout.buffer.write(everything(runs.judge(pickle.load(sys.stdin.buffer))))
"""


@pytest.fixture(scope="module")
def seen(shop: str) -> list[Observation]:
    return observations(shop)


def test_a_hundred_crawl_orders_give_the_same_bytes(seen):
    reports = {_rendered(_shuffled(seen, random.Random(order))) for order in range(ORDERS)}
    assert reports == {_rendered(seen)}


@pytest.mark.parametrize("seed", HASH_SEEDS)
def test_a_hash_seed_gives_the_same_bytes(seen, seed):
    rendered = subprocess.run(
        [sys.executable, "-c", RENDER],
        input=pickle.dumps(seen),
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    assert rendered.stdout == everything(runs.judge(seen))


def test_a_second_crawl_gives_the_same_bytes_but_for_the_time(seen, shop):
    times = {"started": seen[0].started, "finished": seen[0].finished}
    first, again = (
        [replace(one, **times) for one in crawl] for crawl in (seen, observations(shop))
    )
    assert _rendered(again) == _rendered(first)


def everything(judged: Report) -> bytes:
    """A report in every format, one after the other; what an extra makes comes from the same."""
    document = json_report.to_json(judged)
    return b"".join(each.written(document) for each in formats().values() if not each.extra)


def _rendered(seen: list[Observation]) -> str:
    return as_json(runs.judge(seen))


def _shuffled(seen: list[Observation], chance: random.Random) -> list[Observation]:
    def shuffled(rows):
        return tuple(chance.sample(rows, len(rows)))

    return [
        replace(
            one,
            resources=shuffled(one.resources),
            edges=shuffled(one.edges),
            gaps=shuffled(one.gaps),
            reads=shuffled(one.reads),
        )
        for one in shuffled(seen)
    ]
