"""The file of gaps that somebody accepted: named, with a reason and an owner, until a date.

[[gap]]
call = "iam.get_account_authorization_details"
region = "global"                            # optional: any region
resource = "arn:aws:iam::123456789012:role/x"  # optional: any resource
reason = "the security team reads IAM for us"
owner = "platform@example.com"
expires = 2027-01-31
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from topology.graph import Gap

REQUIRED = ("call", "reason", "owner", "expires")
OPTIONAL = ("region", "resource")


class AcceptedGapsError(ValueError):
    """The file cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class AcceptedGap:
    """What one entry accepts; ``expires`` is the last day on which it counts."""

    call: str
    reason: str
    owner: str
    expires: date
    region: str | None = None
    resource: str | None = None

    def covers(self, gap: Gap, today: date) -> bool:
        """Whether the entry names this gap and still counts."""
        return (
            today <= self.expires
            and self.call == gap.call
            and self.region in (None, gap.region)
            and self.resource in (None, gap.resource)
        )


def read(path: Path) -> tuple[AcceptedGap, ...]:
    """The entries of a file, in its order; raises ``AcceptedGapsError``."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AcceptedGapsError(f"{path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise AcceptedGapsError(f"{path} is not TOML: {error}") from error
    entries = document.get("gap", [])
    if set(document) - {"gap"} or not isinstance(entries, list):
        raise AcceptedGapsError(f"{path} may hold [[gap]] tables and nothing else.")
    return tuple(_entry(f"{path}, gap {at}", entry) for at, entry in enumerate(entries, start=1))


def _entry(where: str, entry: Any) -> AcceptedGap:
    if not isinstance(entry, Mapping):
        raise AcceptedGapsError(f"{where}: write it as a [[gap]] table.")
    _refuse(where, "has no", [name for name in REQUIRED if name not in entry])
    _refuse(where, "has an unknown", [name for name in entry if name not in REQUIRED + OPTIONAL])
    expires = entry["expires"]
    if not isinstance(expires, date) or isinstance(expires, datetime):
        raise AcceptedGapsError(f"{where}: expires must be a date, as in 2027-01-31, unquoted.")
    for name in entry:
        if name != "expires" and not (isinstance(entry[name], str) and entry[name].strip()):
            raise AcceptedGapsError(f"{where}: {name} must be a text that is not empty.")
    return AcceptedGap(**entry)


def _refuse(where: str, fault: str, names: Sequence[str]) -> None:
    if names:
        raise AcceptedGapsError(f"{where} {fault} {names[0]!r}.")
