"""The file of what somebody accepted: gaps, loops and findings, until a date.

[[gap]]
call = "iam.get_account_authorization_details"
region = "global"                            # optional: any region
resource = "arn:aws:iam::123456789012:role/x"  # optional: any resource
reason = "the security team reads IAM for us"
owner = "platform@example.com"
expires = 2027-01-31

[[loop]]
fingerprint = "3bbb58a326aa03af"
verdict = "possible"                         # optional: no longer once it is graver
reason = "totals stop by themselves"
owner = "shop@example.com"
expires = 2027-01-31

[[finding]]
fingerprint = "9f0c2e6d5b1a7788"
reason = "a test queue"
owner = "shop@example.com"
expires = 2027-01-31
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from topology.reports.acceptance import Acceptance
from topology.verdict import HARMLESS, LoopVerdict

ALWAYS = ("reason", "owner", "expires")
NAMED_BY = {"gap": ("call",), "loop": ("fingerprint",), "finding": ("fingerprint",)}
OPTIONAL = {"gap": ("region", "resource"), "loop": ("verdict",), "finding": ()}
FINGERPRINT = re.compile(r"[0-9a-f]{16}\Z")
VERDICTS = [each.value for each in LoopVerdict if each not in HARMLESS]


class BaselineError(ValueError):
    """The file cannot be used; the message says where and why."""


def read(path: Path) -> tuple[Acceptance, ...]:
    """The entries of a file, by kind and in its order; raises ``BaselineError``."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BaselineError(f"{path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise BaselineError(f"{path} is not TOML: {error}") from error
    if set(document) - NAMED_BY.keys() or not all(isinstance(e, list) for e in document.values()):
        tables = ", ".join(f"[[{kind}]]" for kind in NAMED_BY)
        raise BaselineError(f"{path} may hold {tables} tables and nothing else.")
    return tuple(
        _entry(f"{path}, {kind} {at}", kind, entry)
        for kind in NAMED_BY
        for at, entry in enumerate(document.get(kind, []), start=1)
    )


def _entry(where: str, kind: str, entry: Any) -> Acceptance:
    if not isinstance(entry, Mapping):
        raise BaselineError(f"{where}: write it as a [[{kind}]] table.")
    required = NAMED_BY[kind] + ALWAYS
    _refuse(where, "has no", [name for name in required if name not in entry])
    known = required + OPTIONAL[kind]
    _refuse(where, "has an unknown", [name for name in entry if name not in known])
    expires = entry["expires"]
    if not isinstance(expires, date) or isinstance(expires, datetime):
        raise BaselineError(f"{where}: expires must be a date, as in 2027-01-31, unquoted.")
    for name in entry:
        if name != "expires" and not (isinstance(entry[name], str) and entry[name].strip()):
            raise BaselineError(f"{where}: {name} must be a text that is not empty.")
    if "fingerprint" in entry and not FINGERPRINT.match(entry["fingerprint"]):
        raise BaselineError(f"{where}: fingerprint must be 16 digits of a report, 0-9 and a-f.")
    if "verdict" in entry and entry["verdict"] not in VERDICTS:
        raise BaselineError(f"{where}: verdict must be one of {', '.join(VERDICTS)}.")
    return Acceptance(kind, **entry)


def _refuse(where: str, fault: str, names: Sequence[str]) -> None:
    if names:
        raise BaselineError(f"{where} {fault} {names[0]!r}.")
