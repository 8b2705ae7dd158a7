"""A provider of OpenID Connect over real HTTP, whose every answer can be made wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "loopscope", "a secret of the client"


def new_key() -> rsa.RSAPrivateKey:
    """A key to sign with."""
    return rsa.generate_private_key(65537, 2048)


@dataclass
class Identity:
    """Somebody the provider knows, and what is wrong with its answers, if anything.

    ``claims`` take the place of what an ID token says (None leaves a claim out); ``signed`` makes
    the token in another way; ``info`` is what the user info says.
    """

    issuer: str
    key: rsa.RSAPrivateKey
    claims: dict[str, Any] = field(default_factory=dict)
    signed: Callable[[dict[str, Any]], str] | None = None
    info: dict[str, Any] = field(default_factory=dict)
    calls_itself: str = ""
    denies: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def sign(self, claims: dict[str, Any], key: Any = None, algorithm: str = "RS256") -> str:
        """An ID token as it should be."""
        return jwt.encode(claims, key or self.key, algorithm, {"kid": "one"})

    def visit(self, address: str) -> str:
        """What a browser does that is sent there and signs in: where it is sent back to."""

        class Stay(HTTPRedirectHandler):
            def redirect_request(self, *_: Any) -> None:
                return None

        try:
            build_opener(Stay).open(address)
        except Exception as error:  # noqa: BLE001 (a redirect that is not followed is one)
            return str(error.headers["Location"])  # type: ignore[attr-defined]
        raise AssertionError("the provider sent nobody anywhere")

    def authorize(self, query: dict[str, str]) -> str:
        """The address to send a browser back to."""
        self.asked.append(query)
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        told = {"error": "access_denied"} if self.denies else {"code": code}
        return f"{query['redirect_uri']}?{urlencode({**told, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """The answer to a code, once; None for a wrong client, code or PKCE verifier."""
        begun = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        who = (form.get("client_id"), form.get("client_secret"))
        if begun is None or who != (CLIENT, SECRET) or begun["code_challenge"] != challenge:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "person-1",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": begun["nonce"],
            "email": "Ada@Example.com",
            "email_verified": True,
        } | self.claims
        told = {name: value for name, value in claims.items() if value is not None}
        made = self.signed(told) if self.signed else self.sign(told)
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": made}

    def answer(self, method: str, path: str, given: dict[str, str]) -> tuple[int, Any]:
        """A status and JSON, or an address to redirect to."""
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.calls_itself or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/person",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/keys":
            made = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            return 200, {"keys": [{**made, "kid": "one", "use": "sig", "alg": "RS256"}]}
        if path == "/authorize":
            return 302, self.authorize(given)
        if path == "/person":
            return 200, self.info
        told = self.token(given) if (method, path) == ("POST", "/token") else None
        return (200, told) if told else (400, {"error": "invalid_grant"})


@contextmanager
def providing() -> Iterator[Identity]:
    """A provider that runs for a block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.identity = Identity(f"http://127.0.0.1:{server.server_port}", new_key())  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.identity  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer("GET", urlsplit(self.path).query)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self._answer("POST", self.rfile.read(length).decode())

    def _answer(self, method: str, text: str) -> None:
        given = {name: values[0] for name, values in parse_qs(text).items()}
        status, told = self.server.identity.answer(method, urlsplit(self.path).path, given)  # type: ignore[attr-defined]
        body = b"" if status == 302 else json.dumps(told).encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", told)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""
