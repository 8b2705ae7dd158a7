"""The explore command: everything on one machine, and nothing left behind when it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from django.conf import settings

from topology.lineage import PARENT

pytestmark = pytest.mark.slow
PATIENCE = 90.0  # seconds, on a busy machine


class Explore:
    """The command as a person starts it, and what it has said so far."""

    def __init__(self, environment: dict[str, str], *arguments: str) -> None:
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "explore", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def until(self, start: str) -> str:
        """Read lines up to one that starts so."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if line.startswith(start):
                return line.rstrip()
        raise AssertionError("\n".join(self.said))

    def children(self) -> list[int]:
        """The processes that must not outlive it."""
        mark = f"{PARENT}={self.process.pid}".encode()
        return [
            int(entry.parent.name)
            for entry in Path("/proc").glob("[0-9]*/environ")
            if mark in _read(entry).split(b"\0")
        ]


def _read(entry: Path) -> bytes:
    try:
        return entry.read_bytes()
    except OSError:  # it has just ended
        return b""


def eventually(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture
def explore(aws, tmp_path) -> Iterator[Callable[..., Explore]]:
    started: list[Explore] = []

    def start(*arguments: str) -> Explore:
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")
        }
        environment |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LOOPSCOPE_DATA_DIR": str(tmp_path / "data"),
            "AWS_ENDPOINT_URL": aws.endpoint_url,
        }
        account = ("--role-arn", aws.role_arn, "--region", aws.region)
        started.append(Explore(environment, *account, *arguments))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.communicate()


def test_it_crawls_signs_in_once_and_leaves_no_process_behind(explore):
    running = explore("--port", "0")
    address = running.until("Open ").split()[1]
    assert "NO LOOP WITHIN SCOPE (0 gaps)" in running.said
    assert any(line.startswith("  eu-west-1 ") for line in running.said)
    assert sign_in(address) == "/w/local/"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(address)
    children = running.children()
    assert len(children) >= 2
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(PATIENCE) == 0
    assert running.children() == []


def test_it_starts_children_that_died_again_and_is_not_outlived_by_them(explore):
    running = explore("--port", "0")
    running.until("Reading account")
    assert eventually(lambda: len(running.children()) >= 2)
    before = set(running.children())
    for child in before:
        os.kill(child, signal.SIGKILL)
    assert eventually(lambda: len(set(running.children()) - before) >= 2)
    running.until("Open ")
    running.process.kill()
    assert eventually(lambda: running.children() == [])


def test_a_taken_port_is_one_line(explore):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        running = explore("--port", str(port))
        said, _ = running.process.communicate(timeout=PATIENCE)
    assert running.process.returncode == 2
    assert said.splitlines() == [
        f"loopscope: Port {port} of 127.0.0.1 cannot be used (Address already in use). Stop what "
        "uses it, or choose another."
    ]


def sign_in(address: str) -> str:
    """Open the link, press its button; the path one lands on."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    page = browser.open(address).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1]}).encode()
    landed = browser.open(urllib.request.Request(address, form, {"Referer": address})).geturl()
    return str(urllib.parse.urlsplit(landed).path)
