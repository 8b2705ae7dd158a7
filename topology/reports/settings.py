"""What decides how often and how long something runs: name and value as people call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topology.reports.forecasts import lasting

SECONDS = "s"
NAMES: Mapping[str, tuple[str, str]] = {
    "runtime": ("Runtime", ""),
    "timeout": ("Timeout", SECONDS),
    "reserved_concurrency": ("Reserved concurrency", ""),
    "recursive_loop": ("When AWS finds it in a loop", ""),
    "async_retries": ("Retries when it is invoked asynchronously", ""),
    "async_max_age": ("Oldest event it is still given", SECONDS),
    "visibility_timeout": ("A message taken is hidden for", SECONDS),
    "retention": ("A message is kept for", SECONDS),
    "retention_hours": ("A record is kept, in hours", ""),
    "max_receives": ("Receives before a message is given up", ""),
    "fifo": ("First in, first out", ""),
    "batch_size": ("Batch size", ""),
    "batching_window": ("Waits for a batch", SECONDS),
    "parallelization": ("Batches at once of a shard", ""),
    "max_concurrency": ("Runs at once, at most", ""),
    "max_pollers": ("Pollers, at most", ""),
    "max_retries": ("Retries", ""),
    "max_age": ("Oldest record it is still given", SECONDS),
    "retry_seconds": ("Retries for", SECONDS),
    "tumbling_window": ("Tumbling window", SECONDS),
    "bisects": ("Halves a batch that fails", ""),
    "partial_batch": ("Says which messages of a batch failed", ""),
    "tracing": ("Tracing", ""),
    "log_group": ("Log group", ""),
}


def settings(attributes: Mapping[str, Any]) -> list[list[str]]:
    """``[name, value]`` of everything known, in the order above; what was not read is left out."""
    return [
        [title, _said(attributes[name], unit)]
        for name, (title, unit) in NAMES.items()
        if name in attributes
    ]


def _said(value: object, unit: str) -> str:
    match value:
        case None:
            return "not set"
        case bool():
            return "yes" if value else "no"
        case -1:
            return "no limit"
        case int() | float() if unit == SECONDS:
            return "0 s" if value == 0 else lasting(value)
        case dict():
            said = [f"{_said(each, unit)} ({key or '$LATEST'})" for key, each in value.items()]
            return ", ".join(said) or "not set"
    return str(value)
