"""Where a message may go, and how long it may take (TRUST: people and secrets)."""

from __future__ import annotations

import socket
import time

import pytest

from tests.alerts.receiver import dripping, misbehaving, receiving, silent
from topology.alerts import ChannelError, RefusedError
from topology.alerts.addresses import may_connect, networks
from topology.alerts.posting import parsed, post

HERE = networks(["127.0.0.0/8"])

PUBLIC = ["1.1.1.1", "2606:4700::1111", "64:ff9b::101:101", "2002:101:101::1", "::ffff:1.1.1.1"]
PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::7f00:1",
    "fe80::1",
    "fec0::1",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "64:ff9b::a9fe:a9fe",  # NAT64 of 169.254.169.254
    "64:ff9b:1::a00:1",  # NAT64 of one's own network
    "2002:7f00:1::1",  # 6to4 of 127.0.0.1
    "2002:a9fe:a9fe::1",
    "2001:0:a9fe:a9fe::1",  # Teredo
]


@pytest.mark.parametrize("address", PUBLIC)
def test_it_connects_to_what_is_public(address):
    assert may_connect(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_it_never_connects_to_what_is_private_however_it_is_wrapped(address):
    assert not may_connect(address)


@pytest.mark.parametrize(
    "url",
    ["ftp://example.com/", "http://example.com/", "https://u:p@example.com/", "https:///x", "x",
     "https://example.com:99999/", "https://exa mple.com/", "file:///etc/passwd"],
)  # fmt: skip
def test_it_refuses_an_address_that_is_none_of_the_web_or_not_over_tls(url):
    with pytest.raises(RefusedError):
        parsed(url)


@pytest.mark.parametrize("name", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0"])
def test_a_private_address_is_refused_before_anything_is_sent(name):
    with pytest.raises(ChannelError, match=r"not a public address|has no address"):
        post(f"https://{name}/", b"{}", {})


def test_a_name_that_leads_to_one_private_address_among_public_ones_is_refused(monkeypatch):
    def found(host, port, **_):
        return [(2, 1, 6, "", (each, port)) for each in ("1.1.1.1", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    with pytest.raises(RefusedError, match=r"leads to 10\.0\.0\.1"):
        post("https://example.com/", b"{}", {})


def test_what_arrives_is_what_was_sent():
    with receiving() as receiver:
        post(receiver.url, b'{"a": 1}', {"Idempotency-Key": "k"}, HERE)
        [(path, headers, body)] = receiver.came
    assert (path, headers["Idempotency-Key"], body) == ("/hook?secret=canary", "k", b'{"a": 1}')


@pytest.mark.parametrize(("status", "final"), [(500, False), (429, False), (404, True)])
def test_a_refusal_of_the_receiver_is_final_and_its_failure_is_not(status, final):
    with receiving() as receiver:
        receiver.status = status
        with pytest.raises(ChannelError, match=f"answered {status}") as caught:
            post(receiver.url, b"{}", {}, HERE)
    assert isinstance(caught.value, RefusedError) is final
    assert "canary" not in str(caught.value)


def test_a_redirect_is_not_followed_wherever_it_leads():
    with receiving() as other, receiving() as receiver:
        receiver.status, receiver.location = 307, other.url
        with pytest.raises(RefusedError, match="redirect"):
            post(receiver.url, b"{}", {}, HERE)
        assert other.came == []


@pytest.mark.parametrize("behave", [silent, dripping])
def test_one_deadline_holds_for_all_of_it_however_slowly_it_drips(behave):
    begun = time.monotonic()
    with misbehaving(behave) as url, pytest.raises(ChannelError, match="did not answer within"):
        post(url, b"{}", {}, HERE, deadline=0.3)
    assert time.monotonic() - begun < 2
