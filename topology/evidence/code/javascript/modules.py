"""Which modules a Lambda function may import, and what each can do.

Node's own are those that can neither speak to a network nor run other code; whatever is in no list
here is looked up in the package, and read.

Source: https://nodejs.org/api/
"""

from __future__ import annotations

import re


def words(text: str) -> frozenset[str]:
    """Names in a text, apart from each other."""
    return frozenset(text.split())


BUILTIN = words(
    """
    assert async_hooks buffer console constants crypto diagnostics_channel dns domain events
    fs os path perf_hooks process punycode querystring stream string_decoder sys timers
    trace_events tty url util v8 zlib
    """
)
INNER = words(
    """
    assert/strict dns/promises fs/promises inspector/promises path/posix path/win32 stream/consumers
    stream/promises stream/web timers/promises util/types
    """
)
OTHER_PROGRAMS, MADE_CODE = "starts other programs", "runs code made at run time"
CONNECTIONS, REQUESTS = "opens connections of its own", "sends HTTP requests of its own"
# Node's modules that reach out of what is followed, and what they are to people.
REACHING = {
    **dict.fromkeys(("child_process", "cluster", "worker_threads"), OTHER_PROGRAMS),
    **dict.fromkeys(("vm", "module", "inspector", "repl", "test"), MADE_CODE),
    **dict.fromkeys(("sqlite", "wasi"), "runs native code"),
    **dict.fromkeys(("net", "tls", "dgram"), CONNECTIONS),
    **dict.fromkeys(("http", "https", "http2"), REQUESTS),
}
# Packages that are not followed into: said by their name rather than by what they import.
CLIENTS = words(
    """
    undici axios got node-fetch cross-fetch isomorphic-fetch ky needle superagent request phin
    bent ws aws4 aws4fetch aws4-axios
    """
)
# What may be taken of Node's HTTP modules: none of it sends anything by itself.
AGENTS = frozenset(("Agent", "STATUS_CODES", "METHODS", "globalAgent"))
SDK = re.compile(r"(?:@aws-sdk/|@smithy/|@aws-crypto/|aws-sdk(?:/|$))")
XRAY = re.compile(r"aws-xray-sdk(?:-core)?$")
POWERTOOLS = re.compile(
    r"@aws-lambda-powertools/(?:batch|commons|event-handler|idempotency|jmespath|kafka|logger|metrics"
    r"|parameters|parser|tracer|validation)(?:/|$)"
)


def bare(specifier: str) -> str:
    """A module's name without the scheme that Node's own may have."""
    return specifier.removeprefix("node:")


def reason_against(specifier: str) -> str:
    """Why a module may call AWS unseen, in words; empty: it may not, or is read itself."""
    name = bare(specifier)
    top = name.split("/")[0]
    if top in REACHING and (specifier.startswith("node:") or top != "test"):
        return f"This {REACHING[top]}."
    return f"This {REQUESTS}." if top in CLIENTS else ""


def is_runtimes(specifier: str) -> bool:
    """Whether a module comes with Node itself, so that none in the package is meant."""
    name = bare(specifier)
    if name in BUILTIN or name in INNER or (name in REACHING and name not in ("sqlite", "test")):
        return True
    return specifier.startswith("node:") and name.split("/")[0] in REACHING


def is_known(specifier: str) -> bool:
    """Whether a module is of the SDK or beside it: what it does is known without reading it."""
    return any(kind.match(specifier) for kind in (SDK, XRAY, POWERTOOLS)) or specifier == "tslib"
