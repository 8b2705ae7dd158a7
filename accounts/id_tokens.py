"""What an ID token proves: who it is from and for, that it is fresh, and answers what was asked.

Source: https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

import jwt

SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
LEEWAY = 60  # seconds by which two clocks may differ
REQUIRED = ("iss", "sub", "aud", "exp", "iat")


class InvalidTokenError(Exception):
    """An ID token that proves nothing; says why, for the log."""


def claims(
    token: str, keys: Mapping[str, Any], *, issuer: str, audience: str, nonce: str
) -> dict[str, Any]:
    """What a token claims, once it is proven; ``keys`` are the provider's, as a JWK set.

    Raises ``InvalidTokenError`` for a token of another issuer or audience, one that is over, was
    changed, is signed by a key that is none of ``keys`` or in a way that anybody could, or answers
    another sign-in than the one that ``nonce`` was sent with.
    """
    try:
        found: dict[str, Any] = jwt.decode(
            token,
            _key(token, keys),
            algorithms=list(SIGNED_BY),
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY,
            options={"require": list(REQUIRED)},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise InvalidTokenError(f"{type(error).__name__}: {error}") from error
    if found.get("azp", audience) != audience or (_are_many(found["aud"]) and "azp" not in found):
        raise InvalidTokenError("It was made for somebody else (azp).")
    given = found.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise InvalidTokenError("It answers another sign-in (nonce).")
    return found


def _key(token: str, keys: Mapping[str, Any]) -> jwt.PyJWK:
    """The key that a token names; where it names none, the only one there is."""
    known = [
        each for each in jwt.PyJWKSet.from_dict(dict(keys)).keys if each.public_key_use != "enc"
    ]
    named = jwt.get_unverified_header(token).get("kid")
    fitting = [each for each in known if named is None or each.key_id == named]
    if len(fitting) != 1:
        raise jwt.InvalidKeyError("no key of the provider is the one that it names")
    return fitting[0]


def _are_many(audience: Any) -> bool:
    return isinstance(audience, list) and len(audience) > 1
