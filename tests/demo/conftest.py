"""The demo account, seeded once into the shared emulator: every test here reads it over HTTP."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

import pytest

from topology import crawl, demo
from topology.graph import GLOBAL, Graph, Observation, graph

REGIONS = (GLOBAL, *demo.DEMO_REGIONS)


@pytest.fixture(scope="session")
def seeded(emulator: str) -> str:
    """The endpoint of an emulator with the demo account in it."""
    demo.seed(emulator)
    return emulator


@pytest.fixture(scope="module")
def shop(seeded: str) -> Iterator[str]:
    """boto3's whole environment leads to the demo account and nowhere else."""
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            environment.delenv(name)
        for name, value in demo.environment(seeded).items():
            environment.setenv(name, value)
        yield seeded


def observations(endpoint_url: str = "") -> list[Observation]:
    """One crawl of everything the demo holds, through ``endpoint_url`` where it is given."""
    connection = crawl.Connection(endpoint_url=endpoint_url)
    identity = crawl.identify(connection)
    return [crawl.observe(connection, identity, region) for region in REGIONS]


def together(seen: Iterable[Observation]) -> Graph:
    """The graph of several observations."""
    seen = list(seen)
    return graph(
        (resource for one in seen for resource in one.resources),
        (edge for one in seen for edge in one.edges),
    )
