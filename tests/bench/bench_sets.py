"""Intersect patterns and decide hops: against whole automata, and at the rate an analysis needs.

Run ``python -m tests.bench.bench_sets``. The peers build whole automata and are given up
when they take longer than ``PATIENCE``. Every ratio is measured in one run, peers interleaved,
in seconds of this process's own processor time.
"""

from __future__ import annotations

import random
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import greenery
import interegular

from topology.sets import automaton, expressions, strings
from topology.sets.events import EventSet, compare
from topology.sets.strings import StringSet

PATIENCE = 9  # seconds, for three times the same question
PAIRS = 100_000
NAME, KEY = ("eventName",), ("s3", "object", "key")

ORDINARY = [
    ("out/*", "in/*"),
    ("uploads/*", "*.csv"),
    ("uploads/*/raw/*", "uploads/*.json"),
    ("arn:aws:s3:::orders/*", "arn:aws:s3:::*/out/*"),
    ("*.csv.gz", "*.csv"),
    ("tenant-*/invoices/*.pdf", "tenant-7/*"),
]
STARS = [
    ("*a*b*c*", "*c*b*a*"),
    ("*a*b*c*d*", "*d*c*b*a*"),
    ("*aab*baa*bab*abb*a*", "*bb*aa*ab*ba*b*"),
    ("*alpha*beta*gamma*delta*epsilon*", "*epsilon*delta*gamma*beta*alpha*"),
]


def forget() -> None:
    """Empty every memory, so that the next answer is a first answer."""
    expressions._known.clear()
    automaton.compiled.cache_clear()
    compare.cache_clear()


def median(work: Callable[[], Any], times: int = 30) -> float:
    """Seconds of one call with nothing remembered."""
    taken = []
    for _ in range(times):
        forget()
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


@contextmanager
def patience() -> Iterator[None]:
    """Raise ``TimeoutError`` in work that takes too long."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)


def regex(pattern: str) -> str:
    """The pattern in the syntax both peers read."""
    return "".join(".*" if c == "*" else f"\\{c}" if c in ".$^" else c for c in pattern)


def by_greenery(one: str, other: str) -> bool:
    """Whether no text matches both, over whole automata."""
    return bool(
        (greenery.parse(regex(one)).to_fsm() & greenery.parse(regex(other)).to_fsm()).empty()
    )


def by_interegular(one: str, other: str) -> bool:
    """Whether no text matches both, over whole automata."""
    first, second = (interegular.parse_pattern(regex(each)).to_fsm() for each in (one, other))
    return bool((first & second).empty())


def intersections() -> None:
    """Print how long a shortest witness takes, and how much longer the peers take for yes or no."""
    print(f"{'patterns':68} {'witness':>9} {'greenery':>10} {'interegular':>12}")
    for one, other in ORDINARY + STARS:
        ours = median(lambda: _both(one, other).witness())  # noqa: B023 - called at once
        ratios = [_ratio(peer, one, other, ours) for peer in (by_greenery, by_interegular)]
        print(f"{one + ' & ' + other:68} {ours * 1e6:6.0f} µs {ratios[0]:>10} {ratios[1]:>12}")


def _both(one: str, other: str) -> StringSet:
    return strings.wildcard(one) & strings.wildcard(other)


def _ratio(peer: Callable[[str, str], bool], one: str, other: str, ours: float) -> str:
    taken = []
    try:
        with patience():
            for _ in range(3):
                start = time.process_time()
                is_empty = peer(one, other)
                taken.append(time.process_time() - start)
    except TimeoutError:
        return f"> {PATIENCE / 3 / ours:,.0f} ×"
    if is_empty != _both(one, other).is_empty():
        raise SystemExit(f"{peer.__name__} differs on {one} & {other}")
    return f"{statistics.median(taken) / ours:,.0f} ×"


def worst() -> None:
    """Print how long the worst hops take, decided or given up."""
    text = "".join(random.Random(3).choices("ab/", k=4000))
    words = [text[n : n + 9] for n in range(0, 3600, 9)]
    hops = {
        "five stars less five": ("*aab*baa*bab*abb*a*", ~strings.wildcard("*bb*aa*ab*ba*b*")),
        "2 KB of stars": ("a*" * 1000, strings.wildcard("b*" * 1000)),
        "2 KB prefix, 2 KB suffix": (text[:2000] + "*", strings.suffix(text[2000:])),
        "100 runs, 100 runs": ("*".join(words[:100]), strings.wildcard("*".join(words[100:200]))),
        "30 single characters": (
            "?*a" + "?" * 30,
            ~strings.wildcard("*a" + "?" * 30, single=True),
        ),
        "400 prefixes, a suffix": ("*.csv", strings.union(map(strings.prefix, words))),
        "200 infixes, none of 200": (
            "*a*",
            strings.union(strings.wildcard(f"*{word}*") for word in words[:200])
            - strings.union(strings.wildcard(f"*{word[:5]}*") for word in words[200:]),
        ),
    }
    print(f"\n{'worst hops':68} {'hop':>9}")
    for name, (written, heard) in hops.items():
        raised = EventSet.scalars({KEY: strings.wildcard(written, single=True)})
        demanded = EventSet.demands({KEY: heard})
        seconds = median(lambda: compare(raised, demanded), 5)  # noqa: B023 - called at once
        print(f"{name:68} {seconds * 1e3:6.1f} ms  {compare(raised, demanded).word}")
    many = EventSet()
    for word in words[:60]:
        many |= EventSet.demands({("detail", word): strings.literal("x")})
    seconds = median(lambda: compare(EventSet.anything(), many), 5)
    print(f"{'60 alternatives, each on another field':68} {seconds * 1e3:6.1f} ms")


def decisions() -> None:
    """Print how many (write, filter) pairs are decided per second, first seen and seen again."""
    rng = random.Random(11)
    folders = ["in/", "out/", "raw/", "done/", "tmp/", "logs/", "data/", "uploads/", "results/"]
    endings = [".csv", ".json", ".gz", ".parquet", ".jpeg", ""]
    names = ["ObjectCreated:Put", "ObjectCreated:Copy", "ObjectRemoved:Delete"]

    def write() -> EventSet:
        keys = f"{rng.choice(['', rng.choice(folders)])}*{rng.choice(endings)}"
        raised = rng.sample(names, rng.randint(1, 3))
        constraints = {NAME: strings.one_of(raised), KEY: strings.wildcard(keys, single=True)}
        return EventSet.scalars(constraints)

    def filtering() -> EventSet:
        head, tail = rng.choice(["", rng.choice(folders)]), rng.choice(endings)
        keys = strings.prefix(head) & strings.suffix(tail)
        return EventSet.demands({NAME: strings.wildcard(f"{rng.choice(names)[:13]}:*"), KEY: keys})

    writes, filters = [write() for _ in range(2000)], [filtering() for _ in range(500)]
    pairs = [(rng.choice(writes), rng.choice(filters)) for _ in range(PAIRS)]
    distinct = len(set(pairs))
    forget()
    print(f"\n{PAIRS:,} (write, filter) pairs, {distinct:,} of them distinct")
    for seen in ("first seen", "seen again"):
        start = time.process_time()
        for written, heard in pairs:
            compare(written, heard)
        print(f"{seen:12} {PAIRS / (time.process_time() - start):10,.0f} hops/s")
    fresh = rng.sample(sorted(set(pairs)), 500)
    seconds = statistics.median(median(lambda: compare(*pair), 1) for pair in fresh)  # noqa: B023
    print(f"{'cold':12} {1 / seconds:10,.0f} hops/s  (every memory emptied before each)")


if __name__ == "__main__":
    intersections()
    worst()
    decisions()
