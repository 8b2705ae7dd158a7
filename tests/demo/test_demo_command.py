"""``loopscope demo`` as a person runs it: a process, a link, Ctrl-C, and again."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from topology import demo
from topology.demo.stories.payments import CANARY

pytestmark = pytest.mark.slow
MANAGE = Path(__file__).parents[2] / "manage.py"
PATIENCE = 120  # seconds until a demo is ready, on a busy machine
OPEN = re.compile(r"^Open (\S+)")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
LOOP = re.compile(r"/w/\w+/loops/\w+/")
PAGE = re.compile(r'href="(/w/[^"#?]*)["#?]')  # one page for whatever is asked of it


@dataclass
class Shown:
    """What one run of the demo said and showed, and how it ended."""

    said: list[str] = field(default_factory=list)
    pages: dict[str, bytes] = field(default_factory=dict)
    exit_code: int | None = None
    outlived: bool = False

    @property
    def loops(self) -> list[str]:
        """The lines that name a loop and its verdict."""
        words = tuple(verdict.value for verdict in demo.expected().values() if verdict)
        return [line.strip() for line in self.said if line.strip().startswith(words)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def first(home) -> Shown:
    return _show(home)


def test_it_prints_every_loop_with_its_verdict(first):
    counted = [line.split()[0] for line in first.loops]
    expected = [verdict.value for verdict in demo.expected().values() if verdict]
    assert sorted(counted) == sorted(expected)


def test_it_says_what_it_is_doing_before_it_says_where_to_look(first):
    assert len(first.said) > len(first.loops) + 3
    assert OPEN.match(first.said[-1])


def test_its_link_signs_in_and_leads_to_every_loop(first):
    pages = [path for path in first.pages if LOOP.fullmatch(path)]
    assert len(pages) == len(first.loops)


def test_ctrl_c_ends_it_and_everything_it_started(first):
    assert first.exit_code == 0
    assert not first.outlived


def test_the_secret_in_the_account_is_nowhere(first, home):
    files = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.suffix == ".sqlite3" for path in files)
    kept = {str(path): path.read_bytes() for path in files} | first.pages
    kept["what it said"] = "\n".join(first.said).encode()
    assert [where for where, content in kept.items() if CANARY.encode() in content] == []


def test_a_second_run_shows_the_same_loops_at_the_same_addresses(first, home):
    again = _show(home)
    assert again.loops == first.loops
    readings = {path for path in again.pages if "/moments/" in path}  # one more by now
    assert again.pages.keys() - readings == {
        path for path in first.pages if "/moments/" not in path
    }


def test_it_says_in_one_line_that_its_port_is_taken(home):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = subprocess.run(
            _command(),
            env={**os.environ, "PORT": str(taken.getsockname()[1])},
            cwd=home,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert "cannot be used (Address already in use)" in ended.stderr


def _show(home: Path) -> Shown:
    """Run the demo until it says where to look, read every page, and press Ctrl-C."""
    shown = Shown()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        _command(),
        env={**os.environ, "PORT": str(port)},
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    giving_up = threading.Timer(PATIENCE, process.kill)
    giving_up.start()
    try:
        assert process.stdout
        for line in process.stdout:
            shown.said.append(line.rstrip())
            if link := OPEN.match(line):
                shown.pages = _pages(link[1])
                os.killpg(process.pid, signal.SIGINT)  # what a terminal does on Ctrl-C
                break
        rest = process.stdout.read()
        assert "Traceback" not in rest, rest
        shown.exit_code = process.wait()
    finally:
        giving_up.cancel()
        process.kill()
    shown.outlived = _answers(port)
    return shown


def _pages(link: str) -> dict[str, bytes]:
    """Sign in by the link, and read every page that can be reached from there."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    with browser.open(link, timeout=30) as answer:
        token = TOKEN.search(answer.read().decode())
    assert token
    form = urlencode({"csrfmiddlewaretoken": token[1]}).encode()
    with browser.open(link, form, timeout=30) as answer:
        origin, found = link[: link.index("/", 8)], {"/": answer.read()}
    waiting = set(_links(found["/"]))
    while waiting:
        path = waiting.pop()
        with browser.open(origin + path, timeout=30) as answer:
            found[path] = answer.read()
        waiting |= set(_links(found[path])) - set(found)
    return found


def _links(page: bytes) -> list[str]:
    return PAGE.findall(page.decode())


def _answers(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


def _command() -> list[str]:
    return [sys.executable, str(MANAGE), "demo"]
