"""Opaque tokens: random texts that let in whoever brings one, of which only the digest is kept.

A random text of 256 bits cannot be guessed, so a digest without salt or work factor is enough.
Source: https://cheatsheetseries.owasp.org/cheatsheets/Cryptographic_Storage_Cheat_Sheet.html
"""

from __future__ import annotations

import hashlib
import secrets


def new_token(prefix: str = "") -> str:
    """256 random bits as text that may stand in an address, after the prefix."""
    return prefix + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """The SHA-256 that a row keeps of a token, in hexadecimal."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
