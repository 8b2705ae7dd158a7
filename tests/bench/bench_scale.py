"""Scale-out: many accounts read by web, beat and workers as separate processes.

``python -m tests.bench.bench_scale [ACCOUNTS [REGIONS [WORKERS …]]]``: 4 accounts in 3 Regions with
one worker and then with two unless said (50 17 2: the size of the published mark). AWS is
``fleet``, 40 ms away; ``LATENCY`` takes other seconds. Each worker has 4 threads. Needs the servers
of the tests: a PostgreSQL, where it makes a database of its own, and a Redis database of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import psycopg
import redis

from tests.bench import own_database

ROOT = Path(__file__).parents[2]
DATABASE = own_database.address("loopscope_scale")
REDIS = os.environ.get("LOOPSCOPE_TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
LOOKS = "-c loopscope.across=read"  # at the rows of the workspace
LATENCY = float(os.environ.get("LATENCY", "0.04"))  # seconds
FUNCTIONS, THREADS = 20, 4  # in each Region; of each worker
PATIENCE = 30 * 60  # seconds until a run is given up
TICK = os.sysconf("SC_CLK_TCK")
SEED = """
from django.utils import timezone
from accounts import row_security
from accounts.models import AwsAccount, Workspace
from tests.bench.fleet import external_id_of, role_of
from topology import runs
with row_security.across():
    fleet = Workspace.objects.create(slug="fleet", name="Fleet")
with row_security.within(fleet):
    for number in range({accounts}):
        account = str(900000000000 + number)
        runs.request(AwsAccount.objects.create(
            workspace=fleet, account_id=account, role_arn=role_of(account),
            external_id=external_id_of(account),
        ))
"""


@dataclass
class Process:
    """One process, and what ``/proc`` says of it; ``of_children`` is the largest it started."""

    name: str
    popen: subprocess.Popen[str]
    threads: int = 0
    busy: float = field(default=0, init=False)
    peak: int = field(default=0, init=False)
    of_children: int = field(default=0, init=False)

    def look(self) -> None:
        """Take down seconds of processor time, its children's too, and peaks of memory (MiB)."""
        place = Path(f"/proc/{self.popen.pid}")
        fields = (place / "stat").read_text().rpartition(")")[2].split()
        self.busy = sum(map(int, fields[11:15])) / TICK
        self.peak = _peak(place)
        self.threads = max(self.threads, int(_status(place)["Threads"]))
        for task in place.glob("task/*/children"):
            with suppress(OSError, LookupError):  # one that has ended meanwhile
                for child in task.read_text().split():
                    self.of_children = max(self.of_children, _peak(Path("/proc") / child))


def _status(place: Path) -> dict[str, str]:
    """What ``/proc`` says of a process by name."""
    lines = (place / "status").read_text().splitlines()
    return dict(line.split(":", 1) for line in lines)


def _peak(place: Path) -> int:
    return int(_status(place)["VmHWM"].split()[0]) // 1024


def main(accounts: int = 4, regions: int = 3, *workers: int) -> None:
    """Print one line per number of workers, and where the time went."""
    try:
        _fresh()
    except (psycopg.OperationalError, redis.RedisError) as error:
        print(f"left out, as its servers do not answer: {type(error).__name__}")
        return
    took = {}
    for number in workers or (1, 2):
        took[number] = _read(accounts, regions, number)
    if {1, 2} <= took.keys():
        print(f"two workers are {took[1] / took[2]:.2f} × one")


def _read(accounts: int, regions: int, workers: int) -> float:
    """Seconds until all accounts are published and analysed."""
    _fresh()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        aws = stack.enter_context(
            _started("aws", "tests.bench.fleet", str(FUNCTIONS), str(LATENCY), str(regions))
        )
        assert aws.popen.stdout
        url = f"http://127.0.0.1:{aws.popen.stdout.readline().strip()}"
        environment = {
            "AWS_ACCESS_KEY_ID": "AKIA000000000000",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_ENDPOINT_URL": url,
            "DATABASE_URL": DATABASE,
            "REDIS_URL": REDIS,
            "LOOPSCOPE_DATA_DIR": folder,
            "SECRET_KEY": "only of a benchmark that signs nothing",
        }
        os.environ |= environment
        _django("migrate", "--verbosity=0")
        _django("shell", "--verbosity=0", "--command", SEED.format(accounts=accounts))
        began = time.monotonic()
        all_ = [aws]
        all_ += [
            stack.enter_context(_started(*each))
            for each in (
                *(
                    (f"worker {n}", "celery", "--quiet", "--app=config", "worker",
                     f"--concurrency={THREADS}", f"--hostname=w{n}@%h")
                    for n in range(1, workers + 1)
                ),
                ("beat", "celery", "--quiet", "--app=config", "beat"),
                ("web", "waitress", "--listen=127.0.0.1:0", "config.wsgi:application"),
            )
        ]  # fmt: skip
        connections, crawled = _watch(all_, accounts, began)
        took = time.monotonic() - began
        counts = json.loads(urlopen(f"{url}/counts").read())
    _tell(accounts, regions, workers, took, crawled, connections, counts, all_)
    return took


def _watch(processes: list[Process], accounts: int, began: float) -> tuple[int, float]:
    """Wait for the end; the most connections to PostgreSQL, and when the last was published."""
    most, crawled = 0, 0.0
    with psycopg.connect(DATABASE, autocommit=True, options=LOOKS) as asking:
        while time.monotonic() - began < PATIENCE:
            for each in processes:
                each.look()
            row = asking.execute(
                "select (select count(*) from pg_stat_activity where datname = current_database()),"
                " (select count(*) from topology_run where state in ('published', 'failed')),"
                " (select count(*) from topology_analysis a join accounts_workspace w"
                "  on w.id = a.workspace_id and w.moment = a.moment)"
            ).fetchone()
            assert row
            most = max(most, row[0] - 1)
            if row[1] == accounts:
                crawled = crawled or time.monotonic() - began
                if row[2]:
                    return most, crawled
            time.sleep(0.5)
    raise SystemExit(f"not done after {PATIENCE} s: {row}")


def _tell(
    accounts: int, regions: int, workers: int, took: float, crawled: float,
    connections: int, counts: dict[str, int], processes: list[Process],
) -> None:  # fmt: skip
    requests = sum(counts.values())
    with psycopg.connect(DATABASE, options=LOOKS) as asking:
        row = asking.execute(
            "select (select count(*) from topology_ledgerread where status <> 'complete'),"
            " (select count(*) from topology_gaprow),"
            " (select coalesce(sum(requests), 0) from topology_ledgerread),"
            " (select count(*) from topology_run where state = 'published'),"
            " (select xact_commit from pg_stat_database where datname = current_database()),"
            " (select count(*) from topology_analysis),"
            " (select count(*) from topology_loopsighting where moment ="
            "  (select max(moment) from topology_analysis))"
        ).fetchone()
    assert row
    not_whole, gaps, calls, published, commits, analyses, loops = row
    ours = [each for each in processes if each.name.startswith("worker")]
    busy = sum(each.busy for each in ours)
    print(
        f"{workers} worker(s) × {THREADS} threads, {accounts} accounts × {regions} Regions: "
        f"{took:.0f} s by the clock (published after {crawled:.0f} s), {published} published, "
        f"{calls} calls, {requests} requests, {not_whole} calls not whole, {gaps} gaps, "
        f"{loops} loops listed"
    )
    print(
        f"  processor: workers {busy:.0f} s, emulator {processes[0].busy:.0f} s, "
        f"beat and web {sum(e.busy for e in processes[1:] if e not in ours):.0f} s; "
        f"waited for the network: {requests * LATENCY:.0f} s in all threads together; "
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    for each in processes:
        print(
            f"  {each.name:<9}{each.peak:>5} MiB at most, {each.threads:>4} threads, "
            f"{each.busy:.0f} s of processor"
            + (f"; an analysis {each.of_children} MiB" if each.of_children else "")
        )
    print(
        f"  PostgreSQL {connections} connections at most, {commits} transactions; "
        f"{analyses} analyses; most asked: {sorted(counts.items(), key=lambda e: -e[1])[:4]}"
    )


@contextmanager
def _started(name: str, module: str, *arguments: str) -> Iterator[Process]:
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as popen:  # fmt: skip
        try:
            yield Process(name, popen)
        finally:
            popen.terminate()
            try:
                popen.wait(10)
            except subprocess.TimeoutExpired:
                popen.kill()


def _django(*arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], check=True, cwd=ROOT)


def _fresh() -> None:
    """An empty database and an empty broker."""
    own_database.empty("loopscope_scale")
    redis.Redis.from_url(REDIS).flushdb()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
