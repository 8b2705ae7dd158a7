"""Renewing prices, against a server that speaks HTTP and holds lists in AWS's form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import CommandError, call_command

from topology.analysis.prices import packaged
from topology.management.commands import prices as command
from topology.runs import pricing

LISTS = Path(__file__).with_name("price_lists")
Answer = Callable[[BaseHTTPRequestHandler, str], None]


def recorded(handler: BaseHTTPRequestHandler, service: str) -> None:
    """The list of a service, where there is one."""
    file = LISTS / f"{service}.json"
    if not file.exists():
        handler.send_error(404)
        return
    send(handler, file.read_bytes())


def send(handler: BaseHTTPRequestHandler, body: bytes, length: int | None = None) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


class Server:
    """Answers with whatever it is told to; remembers what it was asked."""

    def __init__(self) -> None:
        self.answer: Answer = recorded
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                outer.answer(self, self.path.split("/")[-4])

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/offers/v1.0/aws"


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    Thread(target=found.http.serve_forever, daemon=True).start()
    yield found
    found.http.shutdown()
    found.http.server_close()


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def run(server: Server, *more: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("prices", "--source", server.url, *more, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_renews_what_aws_lists_and_keeps_and_names_the_rest(server):
    out, err = run(server, "--region", "us-east-1")
    today = datetime.now(UTC).date()
    assert f"prices of us-east-1 as of {today}, from {server.url}" in out
    assert "Lambda duration                    $1.06667e-05 to 1.66667e-05 per GB-second\n" in out
    assert "SNS publishes                      $5e-07 per request of up to 64 KB  (kept)" in out
    assert "AmazonSNS: no list for us-east-1 (HTTP 404)." in err
    assert pricing.prices().as_of == today
    assert pricing.prices().prices["sqs_request"].dollars.low == 2.4e-7
    assert "/offers/v1.0/aws/AWSLambda/current/us-east-1/index.json" in server.asked


def test_it_says_which_prices_hold_and_how_old_they_are(server):
    out, _ = run(server, "--show")
    age = packaged().age(datetime.now(UTC).date())
    assert f"as of {packaged().as_of}, {age} days old" in out
    assert server.asked == []


def test_a_list_that_does_not_answer_changes_nothing_and_says_which_prices_stay(server):
    server.http.server_close()
    with pytest.raises(CommandError, match=f"cannot be read .*; the prices of {packaged().as_of}"):
        run(server)
    assert not pricing.copy().exists()


def test_a_name_that_does_not_resolve_says_that_this_machine_may_be_offline():
    with pytest.raises(CommandError, match="is this machine offline"):
        call_command("prices", "--source", "https://prices.invalid/offers", stderr=StringIO())


def test_a_list_longer_than_its_limit_is_not_read(server, monkeypatch):
    monkeypatch.setattr(command, "MOST", 100)
    with pytest.raises(CommandError, match="more than 100"):
        run(server)
    server.answer = lambda handler, _: _without_length(handler, b"x" * 200)
    with pytest.raises(CommandError, match="longer than 100 bytes"):
        run(server)


def _without_length(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda handler, _: handler.send_error(500), "answers HTTP 500"),
        (lambda handler, _: handler.send_error(404), "name none of the prices"),
        (lambda handler, _: send(handler, b"<html>"), "is not JSON"),
        (lambda handler, _: send(handler, b"[" * 100_000), "is not JSON"),
        (lambda handler, _: send(handler, b"{}"), "name none of the prices"),
        (lambda handler, _: send(handler, b"[1]"), "has another form"),
        (lambda handler, _: send(handler, b"{}", length=999), "cannot be read"),
        (lambda handler, _: handler.wfile.write(b"SMTP\r\n\r\n"), "cannot be read"),
    ],
)
def test_an_answer_that_is_no_list_changes_nothing(server, answer, says):
    server.answer = answer
    with pytest.raises(CommandError, match=says):
        run(server)
    assert not pricing.copy().exists()
    assert pricing.prices() == packaged()


@pytest.mark.parametrize("source", ["http://prices.example", "ftp://127.0.0.1", "file:///etc"])
def test_it_reads_from_nowhere_but_https(source):
    with pytest.raises(CommandError, match="https://"):
        call_command("prices", "--source", source)


@pytest.mark.parametrize("region", ["", "../..", "US-EAST-1", "us-east-1/../x"])
def test_it_takes_nothing_but_a_region_for_one(server, region):
    with pytest.raises(CommandError, match="is not the name of a Region"):
        run(server, "--region", region)


@pytest.mark.parametrize("broken", [b"", b"{}", b"\xff\xfe", b'{"schema": "loopscope.prices/1"}'])
def test_a_broken_copy_stands_in_nobodys_way(broken):
    pricing.copy().write_bytes(broken)
    assert pricing.prices() == packaged()


def test_an_older_copy_does_not_hide_the_newer_list_that_came_with_an_update(server):
    run(server)
    text = pricing.copy().read_text()
    pricing.copy().write_text(text.replace(str(pricing.prices().as_of), "2020-01-01"))
    assert pricing.prices() == packaged()
