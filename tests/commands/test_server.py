"""Commands that ask a server: the same bytes as from its database, and every error in one line."""

from __future__ import annotations

import json
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.core.management import CommandError, call_command
from keyring.backend import KeyringBackend
from pytest_django.live_server_helper import LiveServer

from accounts import tokens
from accounts.models import Workspace
from config import console
from tests.commands.test_kept_readings import LOOP, said
from tests.web.scene import Scene, example, publish, scene


@pytest.fixture(autouse=True)
def _a_token_is_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOPSCOPE_TOKEN", "lsc_test")


@pytest.fixture
def shop(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Two readings of one workspace, and a token of its viewer in the environment."""
    cache.clear()
    shown = scene()
    Workspace.objects.exclude(pk=shown.workspace.pk).delete()
    publish(shown.workspace, example() | {"loops": example()["loops"][1:]})
    viewer = shown.workspace.memberships.get(user=shown.viewer)
    monkeypatch.setenv("LOOPSCOPE_TOKEN", tokens.make(viewer, "pipeline", [])[1])
    return shown


FORMATS = ("text", "json", "sarif", "html", "csv", "markdown", "asff", "graphml")


def test_what_a_server_tells_is_what_its_database_tells(
    shop: Scene, live_server: LiveServer, capfd, tmp_path: Path
) -> None:
    commands = [
        *(["report", "--format", each] for each in FORMATS),
        ["report", "--mask", "--moment", "1"],
        ["report", "--loop", example()["loops"][1]["fingerprint"], "--format", "junit"],
        ["report", "--account", "111122223333", "--format", "json"],
        ["loops"],
        ["loops", "--format", "json", "--mask"],
        ["diff", "1", "2"],
        ["diff", "1", "2", "--format", "json", "--mask"],
        ["export", "--workspace", "shop"],
        ["export", "--format", "dot", "--mask", "--moment", "1"],
    ]
    for command in commands:
        here = said(capfd, *command)
        assert here
        assert said(capfd, *command, "--server", live_server.url) == here, command
    out = tmp_path / "graph.graphml"
    said(
        capfd, "export", "--format", "graphml", "--out", str(out), "--server", f"{live_server.url}/"
    )
    assert out.read_text() == said(capfd, "export", "--format", "graphml")


def test_exit_codes_are_those_of_a_database(shop: Scene, live_server: LiveServer, tmp_path, capfd):
    before = tmp_path / "before.json"
    said(capfd, "report", "--moment", "2", "--format", "json", "--out", str(before))
    for operands, code in ((["2", "2"], 3), ([str(before), "1"], 1)):
        for server in ([], ["--server", live_server.url]):
            with pytest.raises(SystemExit) as exit_:
                call_command("diff", *operands, "--fail-on", "live", *server)
            assert exit_.value.code == code, (operands, server)


def test_nothing_is_left_behind_and_no_token_is_told(
    shop: Scene, live_server: LiveServer, tmp_path: Path, monkeypatch, capfd, settings
) -> None:
    monkeypatch.chdir(tmp_path)
    settings.DATA_DIR = tmp_path / ".loopscope"
    monkeypatch.setenv("LOOPSCOPE_TOKEN", "lsc_canary")
    with pytest.raises(SystemExit) as exit_:
        console.main(["report", "--server", live_server.url])
    told = capfd.readouterr()
    assert exit_.value.code == 2
    assert "does not accept the token: This token opens nothing" in told.err
    assert "canary" not in told.err + told.out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--loop", "0" * 16], "There is no loop 0000000000000000 in this reading."),
        (["--moment", "77"], "There is no reading 77."),
        (["--workspace", "nowhere"], "There is nothing here, or nothing that you may see."),
    ],
)
def test_what_is_not_there_is_said_in_the_servers_words(
    arguments, complaint, shop: Scene, live_server: LiveServer
) -> None:
    with pytest.raises(CommandError) as error:
        call_command("report", *arguments, "--server", live_server.url)
    assert str(error.value) == complaint


class Kept(KeyringBackend):
    """A keyring in memory."""

    priority = 9

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


def test_a_token_may_lie_in_the_keyring(shop: Scene, live_server, monkeypatch, capfd) -> None:
    ring = Kept()
    monkeypatch.setattr(keyring.core, "_keyring_backend", ring)
    keyring.set_password("loopscope", live_server.url, os.environ["LOOPSCOPE_TOKEN"])
    monkeypatch.delenv("LOOPSCOPE_TOKEN")
    assert LOOP["fingerprint"] in said(capfd, "loops", "--moment", "1", "--server", live_server.url)
    ring.kept.clear()
    with pytest.raises(CommandError, match=r"There is no token for http://.* set LOOPSCOPE_TOKEN"):
        call_command("loops", "--server", live_server.url)


@contextmanager
def answering(
    *replies: bytes, tls: ssl.SSLContext | None = None
) -> Iterator[tuple[str, list[bytes]]]:
    """The address of a server with an answer for each connection, and what it was asked."""
    listening, asked = socket.create_server(("127.0.0.1", 0)), list[bytes]()

    def serve() -> None:
        for reply in replies:
            try:
                connection, _ = listening.accept()
                with tls.wrap_socket(connection, server_side=True) if tls else connection as found:
                    asked.append(found.recv(4096))
                    found.sendall(reply)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"{'https' if tls else 'http'}://127.0.0.1:{listening.getsockname()[1]}", asked
    with suppress(OSError):  # wakes who waits for a connection
        listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(5)


def reply(status: str, body: str = "", *headers: str, kind: str = "application/json") -> bytes:
    """One answer, after which the connection ends."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers, "Connection: close", "", body]
    return "\r\n".join(lines).encode()


REPORT = reply("200 OK", json.dumps(example()))
WAIT = reply("429 Too Many Requests", "{}", "Retry-After: 1")


def asking(url: str) -> None:
    call_command("report", "--workspace", "shop", "--server", url)


def test_it_waits_as_long_as_a_server_asks_for(capfd) -> None:
    with answering(WAIT, REPORT) as (url, asked):
        asking(url)
    assert len(asked) == 2
    told = capfd.readouterr()
    assert "asks to wait 1 s." in told.err
    assert told.out.startswith("LOOPS FOUND")


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (reply("429 Too Many Requests", '{"detail": "Later."}', "Retry-After: 4000"), "Later."),
        (reply("403 Forbidden", '{"detail": "This token may not read."}'), "This token may not"),
        (reply("404 Not Found", "<html>", kind="text/html"), "has no API"),
        (reply("502 Bad Gateway", "<html>", kind="text/html"), "answered 502."),
        (reply("200 OK", "<html>", kind="text/html"), "does not answer as Loopscope does"),
        (reply("200 OK", "[]"), "does not answer as Loopscope does"),
        (reply("200 OK", '{"schema": "loopscope.report/2"}'), "speaks loopscope.report/2"),
        (reply("200 OK", "{", "Content-Length: 999"), "broke off: IncompleteRead"),
        (b"", "cannot be reached"),
        (b"SSH-2.0-OpenSSH_9\r\n", "cannot be reached"),
    ],
)
def test_an_answer_that_is_none_is_one_line(answer: bytes, complaint: str) -> None:
    with answering(answer) as (url, _), pytest.raises(CommandError) as error:
        asking(url)
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


def test_a_stream_that_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    out = tmp_path / "graph.ndjson"
    out.write_text("old")
    torn = reply("200 OK", "5\r\nabcde\r\n5\r\nab", "Transfer-Encoding: chunked")
    with answering(torn) as (url, _), pytest.raises(CommandError, match="broke off"):
        call_command("export", "--workspace", "shop", "--out", str(out), "--server", url)
    assert out.read_text() == "old"


def test_a_redirect_does_not_get_the_token() -> None:
    with answering(REPORT) as (elsewhere, asked):
        moved = reply("302 Found", "", f"Location: {elsewhere}/")
        with answering(moved) as (url, _), pytest.raises(CommandError, match="leads elsewhere"):
            asking(url)
        assert asked == []


def test_a_server_that_cannot_prove_who_it_is_gets_no_token(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    with answering(REPORT, tls=context) as (url, asked):
        with pytest.raises(CommandError, match="cannot prove who it is: self-signed certificate"):
            asking(url)
        assert asked == []


def self_signed(folder: Path) -> Path:
    """A key and a certificate that nobody else vouches for, in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = folder / "server.pem"
    path.write_bytes(key.private_bytes(pem, *private) + made.public_bytes(pem))
    return path


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("http://loopscope.example.com", "starts with https://"),
        ("loopscope.example.com", "is the site's address"),
        ("https://me:secret@loopscope.example.com", "holds no password"),
        ("https://[", "is no web address"),
        ("http://127.0.0.1:9", "cannot be reached: Connection refused"),
    ],
)
def test_an_address_that_cannot_be_is_one_line(url: str, complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint) as error:
        asking(url)
    assert "secret" not in str(error.value)


def test_an_odd_token_goes_nowhere(monkeypatch) -> None:
    monkeypatch.setenv("LOOPSCOPE_TOKEN", "lsc_é\r\nX: y")
    with pytest.raises(CommandError, match="has odd characters"):
        asking("https://loopscope.example.com")
