"""What functions' code does: packages of what may lie on a loop are read, and the facts added."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain

from topology import crawl
from topology.analysis.suspects import candidates
from topology.catalog.awslambda import FUNCTION
from topology.catalog.lambda_code import NEWEST
from topology.crawl.packages import Wanted, observe_code
from topology.graph import Edge, Observation, Resource, graph, with_facts, without_facts

TOLD = ("code", "code_unread", "code_versions")  # by an attempt that came to no end, maybe
Progress = Callable[[str, int, int], None]
Facts = tuple[Iterable[Resource], Iterable[Edge]]
Recall = Callable[[Iterable[str]], Mapping[str, Resource]]


def with_code(
    connection: crawl.Connection,
    identity: crawl.Identity,
    observed: Mapping[str, Observation],
    others: Facts = ((), ()),
    *,
    recall: Recall = lambda _arns: {},
    say: Callable[[str], None] = lambda _line: None,
    progress: Progress | None = None,
) -> dict[str, Observation]:
    """An account's observations by region, with what the code of functions on cycles does.

    What fails is a remark of its function (``code_unread``): gaps and ledger stay as they are,
    because code only says more of what permissions allow. ``recall`` gives functions as they were
    published last, whose readings still hold where nothing of theirs has changed.
    """
    found = graph(
        chain(others[0], *(each.resources for each in observed.values())),
        chain(others[1], *(each.edges for each in observed.values())),
    )
    on_cycles = candidates(found)
    functions = [
        resource
        for observation in observed.values()
        for resource in observation.resources
        if resource.kind == FUNCTION and resource.arn in on_cycles
    ]
    before = recall([function.arn for function in functions])
    come_to = _versions_come_to(functions, found.edges)
    wanted = [
        Wanted(
            function,
            come_to[function.arn],
            before[function.arn].attributes.get("code") if function.arn in before else None,
        )
        for function in functions
    ]
    known = {region: without_facts(each, TOLD) for region, each in observed.items()}
    for region in sorted({function.region for function in functions}):
        read = observe_code(connection, identity, region, wanted, progress)
        unread = sum("code_unread" in facts for facts in read.facts.values())
        say(
            f"read code in {region}: {len(read.facts) - unread} functions, {unread} not read, "
            f"{read.downloads} downloads"
        )
        known[region] = with_facts(known[region], read.facts)
    return known


def _versions_come_to(functions: Iterable[Resource], edges: Iterable[Edge]) -> Mapping[str, str]:
    """The version of each function that its events come to: the newest, if any come to that."""
    aliases = {each.arn: each.attributes.get("aliases", {}) for each in functions}
    triggered: dict[str, set[str]] = {arn: set() for arn in aliases}
    for edge in edges:
        if edge.target in triggered:
            qualifier = edge.attributes.get("qualifier") or NEWEST
            triggered[edge.target].update(aliases[edge.target].get(qualifier, (qualifier,)))
    return {
        arn: NEWEST if NEWEST in versions or not versions else max(versions, key=_age)
        for arn, versions in triggered.items()
    }


def _age(version: str) -> tuple[int, str]:
    return (int(version) if version.isdigit() else 0, version)
