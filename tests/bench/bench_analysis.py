"""From rows in the database to ranked loops and cuts: synthetic organisations, and dense cases.

Run ``python -m tests.bench.bench_analysis [EDGES …]``; a million of them takes minutes. Every size
is read and analysed in a process of its own, so that its peak memory is its own. Fails unless every
planted loop is listed, and the loops of ten thousand small accounts are those of brute force.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.analysis import small_accounts
from tests.bench.dense import CASES
from tests.bench.organisation import organisation
from tests.bench.timing import timed
from topology.analysis import Analysis, analyse
from topology.analysis.cuts import remedies

SIZES = (1_000, 10_000, 100_000)
SETTLED = 10_000  # edges from which on growth is told
ACCOUNTS = 10_000  # small ones, compared with brute force


def main(sizes: Iterable[int]) -> None:
    """Print everything."""
    taken: dict[int, float] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as directory:
            for part in ("write", "read"):
                _child(part, size, directory)
            taken[size] = float(Path(directory, "seconds").read_text())
    growth({size: seconds for size, seconds in taken.items() if size >= SETTLED})
    brute_force()
    dense()


def growth(taken: dict[int, float]) -> None:
    """How much more than its share of edges a larger organisation takes."""
    if len(taken) > 1:
        small, large = min(taken), max(taken)
        ratio = taken[large] / taken[small] / (large / small)
        print(f"from {small:,} to {large:,} edges it grows {ratio:.2f} × linear", flush=True)


def brute_force() -> None:
    """Whole analyses of small accounts; fails where one finds other loops than there are."""
    seconds, loops = timed(lambda: sum(map(small_accounts.check, range(ACCOUNTS))))
    print(
        f"{ACCOUNTS:,} accounts of at most {small_accounts.MOST} resources: {loops:,} loops, those "
        f"of brute force; {seconds:.1f} s with it",
        flush=True,
    )


def _child(part: str, size: int, directory: str) -> None:
    environment = {
        **os.environ,
        "LOOPSCOPE_DATA_DIR": directory,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-m", "tests.bench.bench_analysis", part, str(size)]
    subprocess.run(command, env=environment, check=True)


def write(size: int) -> None:
    """Put an organisation into a new database."""
    import django
    from django.core.management import call_command

    from config import data_directory

    data_directory.prepare(Path(os.environ["LOOPSCOPE_DATA_DIR"]))
    django.setup()
    call_command("migrate", verbosity=0)

    from django.utils import timezone

    from accounts.models import AwsAccount, Workspace
    from topology.models import EdgeVersion, ResourceVersion, Run
    from topology.store import rows

    made = organisation(size)
    workspace = Workspace.objects.create(name="bench", slug="bench", moment=1)
    account = AwsAccount.objects.create(workspace=workspace, name="bench", account_id="1" * 12)
    now = timezone.now()
    Run.objects.create(aws_account=account, scheduled_for=now, state="published", moment=1)
    common = {"workspace": workspace, "aws_account": account, "region": "", "seen": 1}
    stored: list[tuple[Any, Any]] = [
        (ResourceVersion, made.resources),
        (EdgeVersion, made.edges),
    ]
    for model, facts in stored:
        model.objects.bulk_create(
            (
                model(identity=name, digest=digest, data=json.loads(text), valid_from=1, **common)
                for name, (digest, text) in rows._contents(facts).items()
            ),
            batch_size=1000,
        )
    planted = [sorted(each) for each in made.planted]
    shape = [len(made.resources), len(made.edges), made.permissions, planted]
    Path(os.environ["LOOPSCOPE_DATA_DIR"], "shape.json").write_text(json.dumps(shape))


def read(size: int) -> None:
    """Load what was written, analyse it, and print how that went."""
    import django

    django.setup()

    from accounts.models import Workspace
    from topology import store

    text = Path(os.environ["LOOPSCOPE_DATA_DIR"], "shape.json").read_text()
    resources, edges, permissions, planted = json.loads(text)
    workspace = Workspace.objects.get()
    store.load(workspace, 0)  # imports, and the connection
    loading, moment = timed(lambda: store.load(workspace))
    analysing, analysis = timed(lambda: analyse(moment.graph))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    listed = {frozenset(hop.edge.source for hop in loop.hops) for loop in analysis.loops}
    missing = sum(frozenset(each) not in listed for each in planted)
    Path(os.environ["LOOPSCOPE_DATA_DIR"], "seconds").write_text(str(loading + analysing))
    cutting, cuts = timed(lambda: remedies(analysis))
    print(
        f"{size:>9,} edges ({edges:,} declared, {permissions:,} permitted, {resources:,} resources)"
        f": {loading + analysing:6.2f} s (loading {loading:.2f}, analysis {analysing:.2f}), "
        f"{peak:,.0f} MB; {said(analysis)}; {len(planted) - missing} of {len(planted)} planted; "
        f"{cutting:.2f} s more for cuts of {sum(bool(each.cuts) for each in cuts.values())} of "
        f"{len(cuts)} loops",
        flush=True,
    )
    if missing:
        raise SystemExit(1)


def said(analysis: Analysis) -> str:
    """How many loops there are, by verdict."""
    verdicts = Counter(loop.verdict.value for loop in analysis.loops)
    listed = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common())
    return f"{listed}, {analysis.more_loops} more (complete up to {analysis.complete_to} steps)"


def dense() -> None:
    """Components that explode where every way is followed."""
    for name, world in CASES.items():
        made = world().graph()
        seconds, analysis = timed(lambda made=made: analyse(made))  # type: ignore[misc]
        print(f"{name:32} {seconds:6.2f} s; {said(analysis)}", flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["write", size]:
            write(int(size))
        case ["read", size]:
            read(int(size))
        case chosen:
            main(map(int, chosen) if chosen else SIZES)
