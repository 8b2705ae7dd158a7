"""Addresses and keys of channels at rest: encrypted with a key made of the site's secret key.

Whoever has the database alone cannot post to a channel; a new SECRET_KEY makes them unreadable.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from topology.alerts.channel import RefusedError


def sealed(config: Mapping[str, str]) -> str:
    """What is kept of a channel's settings."""
    return _fernet().encrypt(json.dumps(dict(config)).encode()).decode()


def unsealed(text: str) -> dict[str, str]:
    """The settings again; raise ``RefusedError`` where they were sealed with another key."""
    try:
        loaded: dict[str, str] = json.loads(_fernet().decrypt(text.encode()))
    except InvalidToken as error:
        raise RefusedError(
            "Its settings cannot be read any more, as SECRET_KEY has changed: add it anew."
        ) from error
    return loaded


def _fernet() -> Fernet:
    secret = f"loopscope.alerts:{settings.SECRET_KEY}".encode()
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret).digest()))
