"""The whole way at once, without a database: what the ``audit`` command does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from topology import crawl
from topology.analysis import analyse
from topology.analysis.assumptions import DEFAULTS, Assumptions
from topology.graph import GLOBAL, Gap, Observation, graph
from topology.inference.coded import without_trust
from topology.reports import report
from topology.reports.acceptance import NOTHING, Accepted, with_accepted
from topology.runs import pricing
from topology.runs.asking import asked
from topology.runs.following import followed
from topology.runs.proposing import proposed
from topology.runs.reading import with_code
from topology.runs.watching import watched

AT_ONCE = 8  # regions


def audit(
    connection: crawl.Connection,
    regions: Sequence[str] = (),
    *,
    evidence: Collection[str] = (),
    accepted: Accepted = NOTHING,
    say: Callable[[str], None] = lambda _line: None,
    assumed: Assumptions = DEFAULTS,
    trusts_code: bool = True,
) -> report.Report:
    """Crawl an account's regions (all enabled ones unless some are named) and judge what is there.

    Kinds of ``evidence`` ("code", "runtime") are read besides. What is ``accepted`` is
    listed and stands in nobody's way. ``say`` gets a line for each region read. ``assumed`` is what
    nobody can read of gain and cost. Code lowers a verdict only where ``trusts_code``. Raises
    ``crawl.CrawlError`` where the account cannot be read at all.
    """
    identity = crawl.identify(connection)
    places = (GLOBAL, *crawl.regions(connection, identity, regions))

    def observe(place: str) -> Observation:
        crawl.must_be(connection, identity)
        observation = crawl.observe(connection, identity, place)
        say(f"read {place}: {len(observation.reads)} calls, {len(observation.gaps)} gaps")
        return observation

    with ThreadPoolExecutor(AT_ONCE) as pool:
        observed = dict(zip(places, pool.map(observe, places), strict=True))
    known = followed(
        connection, identity, observed, check=lambda: crawl.must_be(connection, identity)
    ).observed
    if "code" in evidence:
        crawl.must_be(connection, identity)
        known = with_code(connection, identity, known, say=say)
    if "runtime" in evidence:
        crawl.must_be(connection, identity)
        known = watched(connection, identity, known, say=say)
    return judge(list(known.values()), accepted, assumed, trusts_code=trusts_code)


def judge(
    observations: Sequence[Observation],
    accepted: Accepted = NOTHING,
    assumed: Assumptions = DEFAULTS,
    *,
    trusts_code: bool = True,
) -> report.Report:
    """The report on one reading of one or more accounts and regions."""
    known = graph(
        chain.from_iterable(each.resources for each in observations),
        chain.from_iterable(each.edges for each in observations),
    )
    analysed = with_accepted(analyse(known if trusts_code else without_trust(known)), accepted)
    gaps = _sorted(each.gaps for each in observations)
    coverage = report.Coverage(
        tuple(sorted({each.account for each in observations})),
        tuple(sorted({each.region for each in observations})),
        min(each.started for each in observations),
        max(each.finished for each in observations),
        tuple(sorted(chain.from_iterable(each.reads for each in observations))),
        tuple(gap for gap in gaps if not accepted.gap(gap)),
        tuple(gap for gap in _sorted([gaps, analysed.gaps]) if accepted.gap(gap)),
    )
    questions = asked(analysed, coverage.reads, _sorted([gaps, analysed.gaps]))
    return report.build(
        analysed, coverage, pricing.prices(), proposed(analysed), assumed, questions, accepted
    )


def _sorted(gaps: Iterable[Iterable[Gap]]) -> list[Gap]:
    return sorted(set(chain.from_iterable(gaps)))
