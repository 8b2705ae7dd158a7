"""A webhook of one's own: JSON, signed with a shared key over time and body.

``Loopscope-Signature: t=<seconds>,v1=<hex>`` is HMAC-SHA256 over ``<seconds>.<body>``: a receiver
refuses old times and compares in constant time. ``Idempotency-Key`` is the same at every attempt.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from topology.alerts import posting
from topology.alerts.channel import ChannelError, ChannelKind, Config, Field, Wire
from topology.alerts.message import Message

SHORTEST = 16  # characters of a key


def host(url: str) -> str:
    """What of an address may be shown: never its path, which is often the secret."""
    return urlsplit(url).hostname or ""


def by_host(config: Config) -> tuple[str, ...]:
    """What a channel with an address touches."""
    return (host(config["url"]),)


def check_url(config: Config) -> None:
    """Raise ``ChannelError`` for an address that can never be posted to."""
    posting.parsed(config["url"], allowed=posting.configured())


def post_json(wire: Wire, url: str, data: object, headers: Mapping[str, str]) -> None:
    """POST a JSON document."""
    body = json.dumps(data, ensure_ascii=True).encode()
    wire.post(url, body, {"Content-Type": "application/json", **headers})


def signature(key: str, body: bytes, seconds: int) -> str:
    """The value of ``Loopscope-Signature``."""
    signed = hmac.new(key.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={signed}"


def _check(config: Config) -> None:
    check_url(config)
    if len(config["key"]) < SHORTEST:
        raise ChannelError(f"The key should have at least {SHORTEST} characters.")


def _send(config: Config, message: Message, wire: Wire) -> None:
    body = json.dumps(message.as_json(), ensure_ascii=True).encode()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": message.key,
        "Loopscope-Signature": signature(config["key"], body, int(time.time())),
    }
    wire.post(config["url"], body, headers)


webhook = ChannelKind(
    "webhook",
    "Webhook, signed",
    (
        Field("url", "Address", "https://example.com/loopscope", secret=True),
        Field("key", "Key that signs", "at least 16 characters", secret=True),
    ),
    _check,
    lambda config: host(config["url"]),
    _send,
    by_host,
)
