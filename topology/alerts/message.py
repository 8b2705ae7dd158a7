"""What a channel is told: one thing or a digest of several, with one key however often it comes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

SCHEMA = "loopscope.alert/1"


@dataclass(frozen=True, slots=True)
class Item:
    """One alert. ``key`` is the same for every attempt and every channel; ``url`` may be empty."""

    key: str
    kind: str
    fingerprint: str
    turn: str
    state: str
    before: str
    title: str
    detail: str
    at: datetime
    url: str = ""

    @property
    def headline(self) -> str:
        """``New loop (live): orders → thumb → orders``."""
        what = {"loop": "loop", "finding": "finding", "account": "account"}.get(self.kind, "thing")
        changed = f"{self.before} → {self.state}" if self.turn == "changed" else self.state
        return f"{self.turn.capitalize()} {what} ({changed}): {self.title}"


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent at once to a channel of a workspace."""

    workspace: str
    items: Sequence[Item]
    is_test: bool = False

    @property
    def key(self) -> str:
        """Its idempotency key: the only item's, or a digest of all of theirs."""
        if len(self.items) == 1:
            return self.items[0].key
        joined = "\x00".join(sorted(each.key for each in self.items))
        return hashlib.sha256(joined.encode()).hexdigest()[:32]

    @property
    def subject(self) -> str:
        """One line for all of it."""
        if self.is_test:
            return f"Loopscope: a test from {self.workspace}"
        if len(self.items) == 1:
            return f"Loopscope, {self.workspace}: {self.items[0].headline}"
        return f"Loopscope, {self.workspace}: {len(self.items)} changes"

    @property
    def text(self) -> str:
        """All of it as plain text."""
        told = [
            "\n".join(filter(None, (each.headline, each.detail, each.url))) for each in self.items
        ]
        return "\n\n".join([self.subject, *told])

    def as_json(self) -> dict[str, Any]:
        """All of it as ``loopscope.alert/1``."""
        return {
            "schema": SCHEMA,
            "key": self.key,
            "workspace": self.workspace,
            "test": self.is_test,
            "alerts": [{**asdict(each), "at": each.at.isoformat()} for each in self.items],
        }
