"""From the end of a crawl of the demo account to its loop page on the screen."""

from __future__ import annotations

import gzip
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import django
import waitress

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from playwright.sync_api import Browser, Response, sync_playwright  # noqa: E402

from tests.demo.conftest import observations  # noqa: E402
from tests.store.observations import account, staged_run  # noqa: E402
from topology import demo, runs, store  # noqa: E402
from topology.graph import Observation  # noqa: E402
from topology.management.serving import local_person  # noqa: E402

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
VISITS = 5
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
DRAWN = "document.querySelector('main svg') !== null"


def main() -> None:
    """Print how long publishing takes, what the loop page weighs, and when it is first drawn."""
    call_command("migrate", verbosity=0)
    with demo.serve() as emulator:
        os.environ |= demo.environment(emulator.endpoint_url)
        demo.seed(emulator.endpoint_url)
        seen = observations()
    fingerprint = _publish(seen)
    browser = Client()
    browser.force_login(local_person())
    with _serving() as address:
        url = address + reverse("loop", args=("local", fingerprint))
        _draw(url, browser.cookies["sessionid"].value)


def _publish(seen: list[Observation]) -> str:
    """Print the time from crawl end to published; the fingerprint of the gravest loop."""
    workspace = account().workspace
    began = time.perf_counter()
    run = staged_run(account(), *seen)
    store.publish(run)
    published = time.perf_counter()
    runs.analyse_latest(workspace)
    analysed = time.perf_counter()
    print(f"crawl end to published: {published - began:.2f} s, analysed {analysed - began:.2f} s")
    analysis = store.latest_analysis(workspace)
    assert analysis
    return str(analysis.report["loops"][0]["fingerprint"])


@contextmanager
def _serving() -> Iterator[str]:
    server = waitress.create_server(WSGIHandler(), host="127.0.0.1", port=0)
    Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


def _draw(url: str, session: str) -> None:
    """Print the page's weight and its first drawing, the middle of several cold visits."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM
        )
        visits = [_visit(chromium, url, session) for _ in range(VISITS)]
        chromium.close()
    _, weight, files = visits[0]
    drawn = sorted(first for first, _, _ in visits)[VISITS // 2]
    print(f"loop page: {weight / 1024:.0f} KiB compressed in {files} files")
    print(f"first drawing after {drawn:.0f} ms ({VISITS} cold visits)")


def _visit(chromium: Browser, url: str, session: str) -> tuple[float, int, int]:
    """One visit with an empty cache: ms to the first drawing, bytes compressed, files."""
    visit = chromium.new_context()
    visit.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    page = visit.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(url, wait_until="networkidle")
    assert page.evaluate(DRAWN), f"{url} shows no drawing"
    weight = sum(len(gzip.compress(answer.body())) for answer in answers)
    first = float(page.evaluate(FIRST_PAINT))
    visit.close()
    return first, weight, len(answers)


if __name__ == "__main__":
    main()
