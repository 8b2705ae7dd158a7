"""The emulator's process: it starts, refuses in one line, and never outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

from tests.demo.conftest import observations, together
from topology import demo

pytestmark = pytest.mark.slow

PARENT = """
import time
from topology import demo
print(demo.serve().endpoint_url, flush=True)
time.sleep(60)
"""


def test_it_listens_on_the_loopback_only():
    with demo.serve() as emulator:
        assert urlsplit(emulator.endpoint_url).hostname == "127.0.0.1"
        assert _answers(emulator.endpoint_url)


def test_it_is_gone_after_it_was_stopped_and_may_be_stopped_twice():
    emulator = demo.serve()
    emulator.stop()
    emulator.stop()
    assert not _answers(emulator.endpoint_url)


def test_it_is_gone_after_its_parent_was_killed_outright():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    with parent.stdout:
        endpoint_url = parent.stdout.readline().strip()
    assert _answers(endpoint_url)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    assert _goes_away(endpoint_url)


def test_it_says_in_one_line_that_its_port_is_taken():
    with demo.serve() as emulator:
        port = urlsplit(emulator.endpoint_url).port
        assert port
        with pytest.raises(demo.DemoError, match=f"port {port} of 127.0.0.1 cannot be used") as no:
            demo.serve(port)
        assert "\n" not in str(no.value)


def test_it_says_which_story_could_not_be_told_where_nothing_listens():
    with pytest.raises(demo.DemoError, match=r"stories\.audit_trail at http://127\.0\.0\.1:9"):
        demo.seed("http://127.0.0.1:9")


def test_telling_the_stories_twice_changes_nothing(shop):
    before = together(observations()).digest
    demo.seed(shop)
    assert together(observations()).digest == before


def test_every_start_gives_the_same_account(shop):
    assert _seeded_anew() == _seeded_anew()


def _seeded_anew() -> str:
    with demo.serve() as emulator:
        demo.seed(emulator.endpoint_url)
        return together(observations(emulator.endpoint_url)).digest


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/moto-api/data.json", timeout=5).close()
    except (urllib.error.URLError, ConnectionError):
        return False
    return True


def _goes_away(url: str) -> bool:
    for _ in range(50):
        if not _answers(url):
            return True
        time.sleep(0.1)
    return False
