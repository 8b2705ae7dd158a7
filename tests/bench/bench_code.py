"""Read small functions of each language: what is found of their calls, how fast, in what memory.

Run ``python -m tests.bench.bench_code``. *Precision* is the share of the found calls that are
there, *recall* the share of those there that are found. Of *silent* misses, calls that a reading
lacks although it says that it is complete, there must be none in Python. Every language is read
in a process of its own, so that memory is told apart; seconds are of its own processor time.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.evidence.code.python.handlers import HANDLERS
from topology.evidence.code.python import read_python
from topology.evidence.code.reading import Reading

MOST_MEMORY = 256  # MiB
TIMES = 3  # every function is read so often
SITE_PACKAGES = Path(sys.prefix) / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
# What people put into their packages: read from a function that imports it.
DISTRIBUTIONS = ("attr", "jinja2", "yaml", "requests", "boto3", "botocore", "moto")


class Function(NamedTuple):
    """A function to read, and what is known of it."""

    files: Mapping[str, bytes]
    handler: str
    calls: frozenset[tuple[str, str]]
    is_complete: bool


def python() -> list[Function]:
    """The table that the tests read."""
    return [
        Function(each.files, f"{each.name}.handler", each.calls, each.complete) for each in HANDLERS
    ]


LANGUAGES: Mapping[str, tuple[Callable[[], list[Function]], Callable[..., Reading]]] = {
    "Python": (python, read_python),
}


def measure(language: str) -> str:
    """One line of the table."""
    load, read = LANGUAGES[language]
    functions = load()
    before = memory()
    start = time.process_time()
    for _ in range(TIMES):
        readings = [read(each.files, each.handler) for each in functions]
    seconds = (time.process_time() - start) / TIMES
    right = found = there = silent = understood = 0
    for function, reading in zip(functions, readings, strict=True):
        calls = {(call.service, call.operation) for call in reading.calls}
        right += len(calls & function.calls)
        found += len(calls)
        there += len(function.calls)
        silent += reading.is_complete and not function.calls <= calls
        understood += reading.is_complete == function.is_complete
    return (
        f"{language:12} {len(functions):9} {right / found:10.1%} {right / there:8.1%} {silent:7} "
        f"{understood / len(functions):9.1%} {len(functions) / seconds:12.0f}/s "
        f"{memory():6.0f} MiB ({memory() - before:.0f} of it for reading)"
    )


def measure_distribution(name: str) -> str:
    """One line about a function that has a whole distribution in its package."""
    folder = SITE_PACKAGES / name
    files = {
        str(path.relative_to(SITE_PACKAGES)): path.read_bytes() for path in folder.rglob("*.py")
    }
    source = f"import {name}\nimport boto3\ns3 = boto3.client('s3')\n"
    source += "def handler(event, context):\n    s3.put_object(Bucket='b', Key='k')\n"
    files["app.py"] = source.encode()
    start = time.process_time()
    reading = read_python(files, "app.handler")
    seconds = time.process_time() - start
    is_found = ("s3", "PutObject") in {(c.service, c.operation) for c in reading.calls}
    return (
        f"{name:12} {len(files):9,} files {seconds:8.2f} s {memory():6.0f} MiB  "
        f"{'call found' if is_found else 'call MISSED'}, {len(reading.doubts)} doubts"
    )


def memory() -> float:
    """What this process took at most, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print both tables."""
    fresh = multiprocessing.get_context("spawn")
    print(
        f"{'language':12} {'functions':>9} {'precision':>10} {'recall':>8} {'silent':>7} "
        f"{'complete':>9} {'read':>14} {'memory':>10}   (at most {MOST_MEMORY} MiB)"
    )
    for language in LANGUAGES:
        with fresh.Pool(1) as pool:
            print(pool.apply(measure, (language,)), flush=True)
    print("\na distribution in the package of a function that writes one object")
    for name in DISTRIBUTIONS:
        with fresh.Pool(1) as pool:
            print(pool.apply(measure_distribution, (name,)), flush=True)


if __name__ == "__main__":
    main()
