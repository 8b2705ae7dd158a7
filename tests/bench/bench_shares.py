"""200 people who open one share link, again and again, while a crawl runs.

The servers are those that people run: ``loopscope explore`` on SQLite and files, and waitress with
a Celery worker and a scheduler on the PostgreSQL and the Redis that LOOPSCOPE_TEST_DATABASE_URL and
LOOPSCOPE_TEST_REDIS_URL name.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from tests.bench import own_database
from tests.bench.viewers import late, look
from topology import demo

VIEWERS, TIMES, PAUSE = 200, 5, 1.0  # seconds
PATIENCE = 300  # seconds for a server, and for the first crawl
BIN = Path(sys.executable).parent


def main() -> None:
    """Print how late answers come and what the page weighs; 1.5 s and 150 kB are asked for."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    with demo.serve() as emulator, ExitStack() as stack:
        demo.seed(emulator.endpoint_url)
        for name, servers in _installations():
            directory = stack.enter_context(tempfile.TemporaryDirectory())
            environment = os.environ | demo.environment(emulator.endpoint_url) | servers
            environment |= {"LOOPSCOPE_DATA_DIR": directory, "LOOPSCOPE_BENCH": name}
            subprocess.run([sys.executable, "-m", __spec__.name], env=environment, check=True)


def _installations() -> Iterator[tuple[str, dict[str, str]]]:
    yield "SQLite and files", {}
    redis = os.environ.get("LOOPSCOPE_TEST_REDIS_URL")
    if redis and "LOOPSCOPE_TEST_DATABASE_URL" in os.environ:
        database = own_database.empty("loopscope_shares")
        yield "PostgreSQL and Redis", {"DATABASE_URL": database, "REDIS_URL": redis}
    else:
        print("PostgreSQL and Redis: not measured, as nothing says where they are")


def measure(name: str) -> None:
    """One installation, named by the environment: crawl, share, and have people look."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()

    from django.core.management import call_command

    from accounts import row_security
    from topology import runs

    call_command("migrate", verbosity=0)
    port = _free_port()
    with _processes(_commands(port, is_team="PostgreSQL" in name)) as web:
        account = _account()
        _wait_for(f"http://127.0.0.1:{port}/sign-in/")
        _crawl(account)
        with row_security.within(account.workspace):
            by = account.workspace.members.get()
            share, token = runs.share(account.workspace, by, runs.Wanted(masks=True))
        link = f"http://127.0.0.1:{port}/s/{share.public_id}#{token}"
        look(link, 5, 1, 0)  # whatever is loaded once
        before = _processor(web)
        with _crawling(account) as crawls:
            seen = look(link, VIEWERS, TIMES, PAUSE)
            spent = _processor(web) - before
        with row_security.within(account.workspace):
            share.refresh_from_db()
    print(
        f"{name}: {VIEWERS} viewers {TIMES} times while {len(crawls)} crawls ran: door p95 "
        f"{late(seen.doors):.2f} s, page p95 {late(seen.pages):.2f} s (median "
        f"{late(seen.pages, 0.5):.2f}, worst {max(seen.pages):.2f}), {len(seen.errors)} errors, "
        f"{share.views} views counted, {seen.weight / 1000:.0f} kB; {spent:.1f} s of processor, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    for error in sorted(set(seen.errors))[:5]:
        print(f"  {error}")


def _commands(port: int, *, is_team: bool) -> Sequence[Sequence[str]]:
    if not is_team:
        regions = [word for each in demo.DEMO_REGIONS for word in ("--region", each)]
        return [[str(BIN / "loopscope"), "explore", "--port", str(port), *regions]]
    return [
        [
            str(BIN / "waitress-serve"),
            "--connection-limit=500",
            f"--listen=127.0.0.1:{port}",
            "config.wsgi:application",
        ],
        [str(BIN / "celery"), "--quiet", "--app=config", "worker", "--concurrency=2"],
        [str(BIN / "celery"), "--quiet", "--app=config", "beat"],
    ]


@contextmanager
def _processes(commands: Sequence[Sequence[str]]) -> Iterator[int]:
    """Run them all, and end them; the process id of the first, which serves."""
    running = [subprocess.Popen(each, stdout=subprocess.DEVNULL) for each in commands]
    try:
        yield running[0].pid
    finally:
        for each in running:
            each.send_signal(signal.SIGINT)
        for each in running:
            each.wait(60)


def _processor(process: int) -> float:
    """Seconds that a process has been busy."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _account() -> Any:
    from accounts import row_security
    from accounts.models import AwsAccount
    from topology import crawl
    from topology.management.serving import local_person

    person, identity = local_person(), crawl.identify(crawl.Connection())
    with row_security.across():
        space = person.workspaces.get()
    with row_security.within(space):
        found, _ = AwsAccount.objects.get_or_create(
            workspace=space,
            account_id=identity.account,
            defaults={"regions": list(demo.DEMO_REGIONS)},
        )
    return found


def _crawl(account: Any) -> None:
    """Ask for a crawl, or join the one that runs, until what it found is analysed."""
    from accounts import row_security
    from topology import runs, store

    space = account.workspace
    until = time.monotonic() + PATIENCE
    with row_security.within(space):
        run = runs.request(account)
        while time.monotonic() < until:
            run.refresh_from_db()
            latest = store.latest_analysis(space)
            if run.moment and latest and latest.moment >= run.moment:
                return
            time.sleep(0.3)
    raise SystemExit(f"The crawl did not end: {run.state} {run.reason}")


@contextmanager
def _crawling(account: Any) -> Iterator[list[float]]:
    """One crawl after the other, until the block is left."""
    from django.db import connection

    done, crawls = Event(), list[float]()

    def go_on() -> None:
        while not done.is_set():
            crawls.append(time.monotonic())
            _crawl(account)
        connection.close()

    teller = Thread(target=go_on)
    teller.start()
    yield crawls
    done.set()
    teller.join()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port


def _wait_for(url: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            urlopen(url).close()
        except (URLError, ConnectionError):
            time.sleep(0.3)
        else:
            return
    raise SystemExit(f"{url} does not answer")


if __name__ == "__main__":
    if name := os.environ.get("LOOPSCOPE_BENCH"):
        measure(name)
    else:
        main()
